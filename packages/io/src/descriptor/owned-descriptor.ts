// A descriptor that has an owner: nobody else closes it, and the owner closes it once.
//
//   open ── close, and nobody uses the number ──▶ closed
//     └──── close, while somebody does ──▶ closing ── the last user lets go ──▶ closed
//
// In `closing` it is closed for everything but for the number, which stays its own: were it free, another file could get it, and be
// taken for this one by whoever was lent it. One that is forgotten without being closed is closed by the garbage collector.
import { closeSync } from "node:fs";
import type { Release, Wait } from "@trestle/host";
import { numberOf, type Descriptor, type Direction } from "../readiness/descriptor.js";
import { errorOf } from "../readiness/descriptor-errors.js";
import { notifyClosing, whenReadable, whenWritable } from "../readiness/readiness.js";
import { BrokenResourceError, BusyResourceError, ClosedResourceError } from "../resource-errors.js";
import {
  blockAgain,
  closeEnd,
  openEnds,
  readInto,
  stopBlocking,
  wouldBlock,
  writeFrom,
} from "./raw-descriptor.js";

/** How much is read at once at most. */
const MOST = 65_536;

const scratch = { bytes: undefined as Uint8Array | undefined };

/** What is needed to close it: no reference to its owner, who may have been forgotten. */
interface Closing {
  readonly fd: number;
  /** It blocked before, and does again: the open file may be shared with another process. */
  readonly didBlock: boolean;
  /** It was opened by the native part, of which Node knows nothing. */
  readonly isNative: boolean;
}

const forgotten = new FinalizationRegistry<Closing>(close);

/** A descriptor, from when it got its owner to when it is closed. */
export class OwnedDescriptor {
  readonly fd: number;
  readonly #closing: Closing;
  #state: "open" | "closing" | "closed" = "open";
  #users = 0;
  readonly #busy = new Set<Direction>();

  /**
   * Takes a descriptor over.
   *
   * @param origin of one that was opened by the native part
   * @throws ArgumentError for what is none; BadDescriptorError
   */
  constructor(descriptor: Descriptor, origin?: "native") {
    this.fd = numberOf(descriptor, "take over");
    const didBlock = stopBlocking(this.fd);
    if (typeof didBlock === "number") throw errorOf(`take over descriptor ${this.fd}`, didBlock);
    this.#closing = { fd: this.fd, didBlock, isNative: origin === "native" };
    forgotten.register(this, this.#closing, this);
  }

  get isClosed(): boolean {
    return this.#state !== "open";
  }

  /** Begins what only one may do in each direction. @throws ClosedResourceError, BusyResourceError */
  begin(direction: Direction): void {
    const action = `${direction === "reading" ? "read from" : "write to"} descriptor ${this.fd}`;
    if (this.isClosed) throw new ClosedResourceError(action);
    if (this.#busy.has(direction)) throw new BusyResourceError(action);
    this.#busy.add(direction);
  }

  /** Ends it. */
  end(direction: Direction): void {
    this.#busy.delete(direction);
  }

  /**
   * Reads what there is, without waiting: at least one byte, none at the end; undefined where it would have to wait.
   *
   * @param maxBytes how many at most; never more than 65,536
   * @throws ClosedResourceError, BrokenResourceError
   */
  read(maxBytes = MOST): Uint8Array | undefined {
    const action = `read from descriptor ${this.fd}`;
    if (this.isClosed) throw new ClosedResourceError(action);
    const bytes = (scratch.bytes ??= new Uint8Array(MOST));
    const status = readInto(this.fd, maxBytes < MOST ? bytes.subarray(0, maxBytes) : bytes);
    if (status >= 0) return bytes.slice(0, status);
    if (wouldBlock(status)) return undefined;
    throw broken(action, status);
  }

  /**
   * Writes as much as there is room for, without waiting; gives how many bytes.
   *
   * @throws ClosedResourceError, BrokenResourceError, NativeMissingError
   */
  write(bytes: Uint8Array): number {
    const action = `write to descriptor ${this.fd}`;
    if (this.isClosed) throw new ClosedResourceError(action);
    const status = writeFrom(this.fd, bytes);
    if (status >= 0) return status;
    if (wouldBlock(status)) return 0;
    throw broken(action, status);
  }

  /** Ends when it is ready; fails with ClosedResourceError where it is closed, now or meanwhile. */
  whenReady(direction: Direction): Wait<void> {
    if (this.isClosed)
      throw new ClosedResourceError(`wait for ${direction} of descriptor ${this.fd}`);
    return direction === "reading" ? whenReadable(this.fd) : whenWritable(this.fd);
  }

  /** Lends the number, which stays this descriptor's own until it is given back. @throws ClosedResourceError */
  lend(): Release {
    if (this.isClosed) throw new ClosedResourceError(`use descriptor ${this.fd}`);
    this.#users++;
    let isLent = true;
    return () => {
      if (!isLent) return;
      isLent = false;
      this.#users--;
      if (this.#state === "closing" && this.#users === 0) this.#closeNow();
    };
  }

  /** Closes it, once; whoever waits for it fails with ClosedResourceError. */
  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    notifyClosing(this.fd);
    if (this.#users === 0) this.#closeNow();
  }

  #closeNow(): void {
    this.#state = "closed";
    forgotten.unregister(this);
    close(this.#closing);
  }
}

/**
 * Opens a pipe, both of whose ends are owned: the one to read from, and the one to write to.
 *
 * @throws NativeMissingError; DescriptorError where the process has no descriptors left
 */
export function openOwnedPipe(): readonly [OwnedDescriptor, OwnedDescriptor] {
  const ends = openEnds();
  if (typeof ends === "number") throw errorOf("open a pipe", ends);
  return [new OwnedDescriptor(ends[0], "native"), new OwnedDescriptor(ends[1], "native")];
}

/** Gives a descriptor an owner, which one of `openOwnedPipe` has already. */
export function owned(descriptor: Descriptor): OwnedDescriptor {
  return descriptor instanceof OwnedDescriptor ? descriptor : new OwnedDescriptor(descriptor);
}

function close({ fd, didBlock, isNative }: Closing): void {
  if (didBlock) blockAgain(fd);
  if (isNative) {
    closeEnd(fd);
    return;
  }
  try {
    closeSync(fd);
  } catch {
    // It is gone in any case: what failed is the writing of what was written before.
  }
}

function broken(action: string, status: number): BrokenResourceError {
  const cause = errorOf(action, status);
  return new BrokenResourceError(action, `the operating system says ${cause.errno}`, { cause });
}
