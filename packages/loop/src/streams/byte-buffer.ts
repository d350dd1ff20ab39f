const KEPT_CAPACITY = 65_536;
const FIRST_CAPACITY = 1024;

/** Bytes that wait for their reader, in one piece of memory. What is put in is copied, and what is taken is a copy. */
export class ByteBuffer {
  #bytes = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  add(data: Uint8Array): void {
    this.#makeRoom(data.length);
    this.#bytes.set(data, this.#end);
    this.#end += data.length;
  }

  /** Takes as many bytes as there are, at most `count`. */
  take(count = Number.POSITIVE_INFINITY): Buffer {
    const end = this.#start + Math.min(this.size, count);
    const taken = Buffer.from(this.#bytes.subarray(this.#start, end));
    this.#start = end;
    if (this.size === 0) this.clear();
    return taken;
  }

  /** Where the wanted bytes begin, counted from the first byte; -1 where they are not there. What begins before `from` is not seen. */
  indexOf(wanted: Uint8Array, from: number): number {
    const at = this.#bytes.subarray(0, this.#end).indexOf(wanted, this.#start + from);
    return at === -1 ? -1 : at - this.#start;
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#bytes.length > KEPT_CAPACITY) this.#bytes = Buffer.alloc(0);
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const { size } = this;
    let target = this.#bytes;
    if (size + length > target.length / 2) {
      target = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, 2 * (size + length)));
    }
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = target;
    this.#start = 0;
    this.#end = size;
  }
}
