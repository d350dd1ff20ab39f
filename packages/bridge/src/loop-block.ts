// What a loop and the block of `openLoop` around it know of each other: the nursery for structured calls, how many of these
// are alive, the errors that have nobody else to see them, and how the block is to end.
//
//   open ── the body has ended ──▶ unwinding ──▶ over
//                                     │  ▲
//          it never ends to make more └──┘ sealed: what comes now does not start
//          the grace has passed ──▶ cut off: what is left gets LoopClosedError, which is no error of the block's
import { success, type Outcome } from "@trestle/host";
import { LoopClosedError, type EventLoop, type EventLoopOptions } from "@trestle/loop";
import type { Nursery, Operation } from "@trestle/structured";
import { suspend } from "@trestle/structured/lowlevel";
import { CarriedVariables } from "./carried-variables.js";
import { Closers } from "./closers.js";
import type { LoopHost } from "./loop-host.js";
import type { LoopOptions } from "./loop-options.js";
import { LoopStop } from "./loop-stop.js";
import { OutsideCalls } from "./outside-calls.js";

type Resume = (outcome: Outcome<void>) => void;

/** The structured calls of one generation: those that were made before the same round of the shutdown. */
export interface CallCount {
  /** How many of them are queued or run. */
  alive: number;
}

export class LoopBlock {
  /** Where structured calls run, once the block is set up. */
  nursery: Nursery | undefined;
  /** The Host of the loop, which can tell what its tasks wait for. */
  host: LoopHost | undefined;
  /** The nursery around the body: cancelling it ends the body. */
  outer: Nursery | undefined;
  /** The errors of the background, in the order of their coming. */
  readonly errors: unknown[] = [];
  readonly stop = new LoopStop();
  readonly variables = new CarriedVariables();
  /** Whether tasks and structured calls that are made now must not start. */
  isSealed = false;
  /** Whether the loop has async generators to close. */
  hasGenerators = false;
  readonly shutdownGrace: number;
  /** What is plugged into the loop. */
  readonly layers: EventLoopOptions;
  /** The bounded queue, where there is one. */
  readonly outsideCalls: OutsideCalls | undefined;
  readonly #closeDescriptor: LoopOptions["closeDescriptor"];
  #closers: Closers | undefined;
  #leaves = false;
  #isOver = false;
  #count: CallCount = { alive: 0 };
  #shutdown: Resume | undefined;
  #keeper: Resume | undefined;

  constructor(options: LoopOptions = {}) {
    const { queueLength = Number.POSITIVE_INFINITY, shutdownGrace, closeDescriptor } = options;
    const { executor, io, debug } = options;
    this.layers = { executor, io, debug };
    this.shutdownGrace = shutdownGrace ?? Number.POSITIVE_INFINITY;
    this.outsideCalls =
      queueLength === Number.POSITIVE_INFINITY ? undefined : new OutsideCalls(queueLength);
    this.#closeDescriptor = closeDescriptor;
  }

  /** What is to be closed with the loop; undefined where there is nothing. */
  get closers(): Closers | undefined {
    return this.#closers;
  }

  /** The same, made where there is nothing yet. */
  closersOf(loop: EventLoop): Closers {
    return (this.#closers ??= new Closers(loop, this.#closeDescriptor));
  }

  /** Ends the block with an error. Answers false where it has ended, so that nobody will see the error there. */
  terminate(error: unknown): boolean {
    if (this.#isOver) return false;
    if (this.#leaves && error instanceof LoopClosedError) return true;
    this.errors.push(error);
    this.outer?.cancelScope.cancel(error);
    return true;
  }

  /** The structured calls that were made since the last generation. */
  get calls(): CallCount {
    return this.#count;
  }

  /** Begins a generation, and gives the calls of the one before. */
  takeCalls(): CallCount {
    const before = this.#count;
    this.#count = { alive: 0 };
    return before;
  }

  /** Counts a structured call in; the count is to be given back at its end. */
  callBegan(): CallCount {
    this.#count.alive++;
    return this.#count;
  }

  callEnded(count: CallCount): void {
    count.alive--;
    this.changed();
  }

  /** Something ended that a shutdown may wait for. */
  changed(): void {
    const resume = this.#shutdown;
    this.#shutdown = undefined;
    resume?.(success());
  }

  /**
   * Waits for the next change. It is for the one who shuts down.
   *
   * @param what what is awaited, for reports
   */
  nextChange(what: string): Operation<void> {
    return suspend<void>((resume) => {
      this.#shutdown = resume;
      return () => {
        this.#shutdown = undefined;
        return "withdrawn";
      };
    }, what);
  }

  /** Waits until the loop has closed. It is for the one who keeps the nursery open; nothing cancels it. */
  closing(): Operation<void> {
    return suspend<void>((resume) => {
      this.#keeper = resume;
      return () => "committed";
    }, "the end of the block of openLoop");
  }

  /** Not everything stops, and that is an error: the loop closes all the same. */
  cutOff(error: unknown): void {
    this.errors.push(error);
    this.leave();
  }

  /** Something is left to the closing of the loop, by which it fails. */
  leave(): void {
    this.#leaves = true;
  }

  /** The loop has closed. */
  closed(): void {
    this.#keeper?.(success());
  }

  /** Nothing of the block is left. */
  end(): void {
    this.#isOver = true;
    this.variables.end();
  }
}
