// The calls on the number of a descriptor, none of which blocks or throws for what the operating system says: what fails gives a
// negative errno. Without the native part Node's own calls do, at a higher price.
import { readSync } from "node:fs";
import { constants } from "node:os";
import { findAddon, isAddon } from "../readiness/addon.js";
import { NativeMissingError } from "../readiness/native-missing-error.js";

/** What says that a call would have had to wait. On some systems there are two numbers for it. */
export function wouldBlock(status: number): boolean {
  return status === -constants.errno.EAGAIN || status === -constants.errno.EWOULDBLOCK;
}

/** Reads what there is, into the bytes; 0 at the end. */
export function readInto(fd: number, bytes: Uint8Array): number {
  const addon = findAddon();
  if (isAddon(addon)) return addon.read(fd, bytes);
  try {
    return readSync(fd, bytes);
  } catch (error) {
    return (error as { readonly errno?: number }).errno ?? -constants.errno.EIO;
  }
}

/** Writes as many of the bytes as there is room for. @throws NativeMissingError */
export function writeFrom(fd: number, bytes: Uint8Array): number {
  const addon = findAddon();
  if (!isAddon(addon)) throw new NativeMissingError(`write to descriptor ${fd}`, addon.why);
  return addon.write(fd, bytes);
}

/** Says that calls are not to block; gives whether they did before. Without the native part the waiting says it. */
export function stopBlocking(fd: number): boolean | number {
  const addon = findAddon();
  if (!isAddon(addon)) return false;
  const isBlocking = addon.isBlocking(fd);
  if (isBlocking <= 0) return isBlocking === 0 ? false : isBlocking;
  const status = addon.setBlocking(fd, false);
  return status < 0 ? status : true;
}

/** Says that calls are to block again. */
export function blockAgain(fd: number): void {
  const addon = findAddon();
  if (isAddon(addon)) addon.setBlocking(fd, true);
}

/** Closes one that `openEnds` has opened. */
export function closeEnd(fd: number): void {
  const addon = findAddon();
  if (isAddon(addon)) addon.closeDescriptor(fd);
}

/** Opens a pipe: [the reading end, the writing end], or a negative errno. @throws NativeMissingError */
export function openEnds(): [number, number] | number {
  const addon = findAddon();
  if (!isAddon(addon)) throw new NativeMissingError("open a pipe", addon.why);
  return addon.pipe();
}
