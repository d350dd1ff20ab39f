// The descriptors that this thread waits for. One set for all copies of the package: two would not know of each other's waits.
import { failure, processWide, success, type Outcome, type Wait } from "@trestle/host";
import { numberOf, type Descriptor, type Direction } from "./descriptor.js";
import { Interests, type ReadinessStatistics, type Watch, type Watcher } from "./interests.js";
import { openBackend } from "./open-backend.js";

const SHAPE = 1;

/** Those that are waited for in this thread. */
const interests = processWide("@trestle/io/readiness", SHAPE, () => new Interests(openBackend));

/** One wait, from its arming to its end. */
class ReadinessWait implements Watcher {
  readonly #resume: (outcome: Outcome<void>) => void;
  #watch: Watch | undefined;

  constructor(resume: (outcome: Outcome<void>) => void) {
    this.#resume = resume;
  }

  arm(fd: number, direction: Direction): void {
    try {
      this.#watch = interests.watch(fd, direction, this);
    } catch (error) {
      this.#resume(failure(error));
      return;
    }
    this.#watch.arm();
  }

  ready(): void {
    this.#watch?.release();
    this.#resume(success());
  }

  failed(error: unknown): void {
    this.#resume(failure(error));
  }

  readonly abort = (): "withdrawn" => {
    this.#watch?.release();
    return "withdrawn";
  };
}

/** Begins a watch of a descriptor, which is not armed yet: what a loop's readers and writers are made of. */
export function watchDescriptor(
  descriptor: Descriptor,
  direction: Direction,
  watcher: Watcher,
): Watch {
  return interests.watch(numberOf(descriptor, `wait for ${direction} of`), direction, watcher);
}

function whenReady(descriptor: Descriptor, direction: Direction): Wait<void> {
  const fd = numberOf(descriptor, `wait for ${direction} of`);
  return (resume) => {
    const wait = new ReadinessWait(resume);
    wait.arm(fd, direction);
    return wait.abort;
  };
}

/**
 * Gives a wait that ends when a descriptor can be read from: there is data, or the end, or an error.
 *
 * It may end too early: whoever reads then is told EAGAIN, and waits again. Regular files, which cannot be waited for, and numbers
 * that are not open fail the wait. It can always be withdrawn, and keeps the process alive while it is armed.
 *
 * Source: ours; what `waitReadable` of the structured entry and the loop's `addReader` stand on. Flavor: either.
 *
 * @param descriptor not one that a socket or stream of Node reads from, which would take the data
 * @throws ArgumentError for what is no descriptor. The wait itself fails with BusyResourceError where somebody waits for the same
 * already, ClosedResourceError when it is closed meanwhile, BadDescriptorError, NotWatchableError, NativeMissingError
 * @example
 * ```ts
 * import { whenReadable } from "@trestle/io";
 *
 * const abort = whenReadable(0)((outcome) => console.log(outcome.ok ? "something to read" : outcome.error));
 * abort("no interest any more");
 * ```
 */
export function whenReadable(descriptor: Descriptor): Wait<void> {
  return whenReady(descriptor, "reading");
}

/**
 * Gives a wait that ends when a descriptor can be written to: there is room, or an error. Otherwise like `whenReadable`.
 *
 * Source: ours. Flavor: either.
 *
 * @throws as `whenReadable`; without the native part the wait always fails, with NativeMissingError
 * @example
 * ```ts
 * import { whenWritable } from "@trestle/io";
 *
 * const abort = whenWritable(1)((outcome) => console.log(outcome.ok ? "room to write" : outcome.error));
 * abort("no interest any more");
 * ```
 */
export function whenWritable(descriptor: Descriptor): Wait<void> {
  return whenReady(descriptor, "writing");
}

/**
 * Says that a descriptor is about to be closed. Whoever waits for it, in either flavor, fails with ClosedResourceError. Without
 * this a closed descriptor is never ready, and those that wait for it do so until they are cancelled.
 *
 * Source: Trio. Flavor: either. It waits for nothing.
 *
 * @param descriptor still open; close it right afterwards
 * @throws ArgumentError for what is no descriptor
 * @example
 * ```ts
 * import { closeSync } from "node:fs";
 * import { notifyClosing } from "@trestle/io";
 *
 * function close(fd: number): void {
 *   notifyClosing(fd);
 *   closeSync(fd);
 * }
 * ```
 */
export function notifyClosing(descriptor: Descriptor): void {
  interests.notifyClosing(numberOf(descriptor, "tell of the closing of"));
}

/**
 * Gives how many descriptors are waited for in this thread, and what watches them.
 *
 * Source: Trio's statistics of its backend. Flavor: either. It waits for nothing and throws nothing.
 *
 * @example
 * ```ts
 * import { readinessStatistics } from "@trestle/io";
 *
 * console.log(readinessStatistics().waitingForReading);
 * ```
 */
export function readinessStatistics(): ReadinessStatistics {
  return interests.statistics();
}
