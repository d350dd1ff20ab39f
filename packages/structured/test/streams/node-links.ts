import { Duplex, Readable, Writable } from "node:stream";

/** Something that can be pushed into, and that makes its writer wait. */
class Outlet {
  readonly #readable: () => Readable;
  #taken: ((error?: Error) => void) | undefined;

  constructor(readable: () => Readable) {
    this.#readable = readable;
  }

  write(chunk: Buffer, done: (error?: Error) => void): void {
    const readable = this.#readable();
    if (readable.destroyed) done(new Error("EPIPE"));
    else if (readable.push(chunk)) done();
    else this.#taken = done;
  }

  end(): void {
    const readable = this.#readable();
    if (!readable.destroyed) readable.push(null);
  }

  /** The write that waits has been taken, or will never be. */
  settle(error?: Error): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.(error);
  }
}

/** A Writable and a Readable that gives what is written, with a byte of buffer between: a write waits for the reader. */
export function linkOneWay(): [writable: Writable, readable: Readable] {
  const outlet = new Outlet(() => readable);
  const writable = new Writable({
    write: (chunk: Buffer, _encoding, done) => outlet.write(chunk, done),
    final(done) {
      outlet.end();
      done();
    },
    destroy(error, done) {
      if (!this.writableFinished) readable.destroy(new Error("ECONNRESET"));
      done(error);
    },
  });
  const readable = new Readable({
    highWaterMark: 1,
    read: () => outlet.settle(),
    destroy(error, done) {
      if (!writable.writableFinished) writable.destroy(new Error("EPIPE"));
      done(error);
    },
  });
  return [writable, readable];
}

/** Two Duplexes, each of which gives what is written into the other, with a byte of buffer between. */
export function linkTwoWay(): [left: Duplex, right: Duplex] {
  const left: Duplex = duplex(() => right);
  const right: Duplex = duplex(() => left);
  return [left, right];
}

const outlets = new WeakMap<Duplex, Outlet>();

function duplex(peer: () => Duplex): Duplex {
  const made = new Duplex({
    readableHighWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => outlets.get(made)?.write(chunk, done),
    final(done) {
      outlets.get(made)?.end();
      done();
    },
    read: () => outlets.get(peer())?.settle(),
    destroy(error, done) {
      outlets.get(peer())?.settle(new Error("EPIPE"));
      if (!this.writableFinished) peer().destroy(new Error("ECONNRESET"));
      done(error);
    },
  });
  outlets.set(made, new Outlet(peer));
  return made;
}
