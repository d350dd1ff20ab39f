const KEPT_CAPACITY = 65_536;
const FIRST_CAPACITY = 1024;

/** Bytes that wait for their reader, in one piece of memory. What is put in is copied, and what is taken is a copy. */
export class ByteQueue {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  push(data: Uint8Array): void {
    this.#makeRoom(data.length);
    this.#bytes.set(data, this.#end);
    this.#end += data.length;
  }

  /** Takes as many bytes as there are, at most `maxBytes`. */
  take(maxBytes = Infinity): Uint8Array {
    const end = this.#start + Math.min(this.size, maxBytes);
    const taken = this.#bytes.slice(this.#start, end);
    this.#start = end;
    if (this.size === 0) this.clear();
    return taken;
  }

  /** Where `wanted` begins, counted from the first byte; -1 where it is not there. What begins before `from` is not seen. */
  indexOf(wanted: Uint8Array, from = 0): number {
    const last = this.#end - wanted.length;
    const first = wanted[0] as number;
    let at = this.#bytes.indexOf(first, this.#start + from);
    while (at !== -1 && at <= last) {
      if (wanted.every((byte, i) => this.#bytes[at + i] === byte)) return at - this.#start;
      at = this.#bytes.indexOf(first, at + 1);
    }
    return -1;
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#bytes.length > KEPT_CAPACITY) this.#bytes = new Uint8Array(0);
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const size = this.size;
    let target = this.#bytes;
    if (size + length > target.length / 2) {
      target = new Uint8Array(Math.max(FIRST_CAPACITY, 2 * (size + length)));
    }
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = target;
    this.#start = 0;
    this.#end = size;
  }
}
