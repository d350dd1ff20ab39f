import type { Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { numberOf, type Descriptor } from "../readiness/descriptor.js";
import { whenReadable, whenWritable } from "../readiness/readiness.js";
import { held } from "./held.js";

/**
 * Waits until a descriptor can be read from: there is data, or the end, or an error.
 *
 * It may come back too early: whoever reads then is told EAGAIN, and waits again; so read without blocking. Cancelled, it has taken
 * nothing. Source: Trio's `wait_readable`. Flavor: structured.
 *
 * @param descriptor of a pipe, socket, terminal or device; not one that a socket or stream of Node reads from, which would take the data
 * @throws ArgumentError for what is no descriptor; BusyResourceError where another task waits for the same; ClosedResourceError when
 * `notifyClosing` is called meanwhile; BadDescriptorError, NotWatchableError, NativeMissingError
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { waitReadable } from "@trestle/io/structured";
 * import { readSync } from "node:fs";
 *
 * await run(function* () {
 *   yield* waitReadable(0);
 *   const bytes = Buffer.alloc(1024);
 *   console.log(`${readSync(0, bytes)} bytes from standard input`);
 * });
 * ```
 */
export function waitReadable(descriptor: Descriptor): Operation<void> {
  const fd = numberOf(descriptor, "wait for reading of");
  return waitFor(fd, "readable", whenReadable);
}

/**
 * Waits until a descriptor can be written to: there is room, or an error. Otherwise like `waitReadable`.
 *
 * Source: Trio's `wait_writable`. Flavor: structured.
 *
 * @throws as `waitReadable` does
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { waitWritable } from "@trestle/io/structured";
 *
 * await run(() => waitWritable(1));
 * ```
 */
export function waitWritable(descriptor: Descriptor): Operation<void> {
  const fd = numberOf(descriptor, "wait for writing of");
  return waitFor(fd, "writable", whenWritable);
}

function waitFor(fd: number, what: string, when: typeof whenReadable): Operation<void> {
  const description = `descriptor ${fd} to be ${what}`;
  return suspend(held(when(fd), description), description);
}
