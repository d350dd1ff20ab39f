import { failure, success, type Abortion, type Outcome, type Wait } from "@trestle/host";
import type { Behaviour } from "./behaviour.js";
import { expectSame } from "./expect-same.js";

/** A task that waits for a Wait through the door of a runtime. */
export interface WaitingTask {
  /** Asks the runtime to cancel the task; may be called again. */
  readonly cancel: () => void;
  /** How the wait ended, as the task saw it; pending while it waits. */
  readonly ended: Promise<Outcome<unknown>>;
}

/** The door of a runtime, for one behaviour. */
export interface Door {
  /** Starts a task that waits for the Wait. */
  readonly enter: (wait: Wait<unknown>) => WaitingTask;
  /** Resolves when no task of the runtime has anything to do. */
  readonly settle: () => Promise<void>;
}

/**
 * Gives the behaviours that every door for a Wait must show: it arms before it aborts, aborts at most once and never after
 * the wait resumed, and hands on what the wait ended with.
 *
 * Flavor: either; a runtime shows them with a small Door of its own. Source: ours. It waits for nothing and throws nothing.
 *
 * @param open makes a fresh runtime; called once for each run of a behaviour
 * @example
 * ```ts
 * import { doorBehaviours, type Door } from "@trestle/testing";
 *
 * async function show(open: () => Door): Promise<void> {
 *   for (const { run } of doorBehaviours(open)) await run();
 * }
 * ```
 */
export function doorBehaviours(open: () => Door): readonly Behaviour[] {
  return Object.entries(shows).map(([title, show]) => ({
    title,
    run: () => show(open(), new ProbeWait()),
  }));
}

/** A Wait that does what a behaviour tells it to, and writes down what is done to it. */
class ProbeWait {
  readonly log: string[] = [];
  answer: Abortion = "withdrawn";
  offered: unknown;
  whileArming: Outcome<unknown> | undefined;
  #resume: ((outcome: Outcome<unknown>) => void) | undefined;

  readonly wait: Wait<unknown> = (resume) => {
    this.log.push("armed");
    this.#resume = resume;
    if (this.whileArming) resume(this.whileArming);
    return (cancelled) => {
      this.log.push("aborted");
      this.offered = cancelled;
      return this.answer;
    };
  };

  resume(outcome: Outcome<unknown>): void {
    this.#resume?.(outcome);
  }
}

const shows: Readonly<Record<string, (door: Door, probe: ProbeWait) => Promise<void>>> = {
  "gives the value that the wait ended with": async (door, probe) => {
    const task = door.enter(probe.wait);
    await door.settle();
    probe.resume(success(42));
    expectSame("the value", valueOf(await task.ended), 42);
    expectSame("what was done to the wait", probe.log, ["armed"]);
  },

  "throws the error that the wait failed with": async (door, probe) => {
    const task = door.enter(probe.wait);
    await door.settle();
    const error = new Error("no route");
    probe.resume(failure(error));
    expectSame("the error", errorOf(await task.ended), error);
  },

  "takes a wait that ends while it is armed": async (door, probe) => {
    probe.whileArming = success("at once");
    const task = door.enter(probe.wait);
    expectSame("the value", valueOf(await task.ended), "at once");
    expectSame("what was done to the wait", probe.log, ["armed"]);
  },

  "offers a cancellation once": async (door, probe) => {
    probe.answer = "committed";
    const task = door.enter(probe.wait);
    await door.settle();
    task.cancel();
    await door.settle();
    task.cancel();
    await door.settle();
    expectSame("what was done to the wait", probe.log, ["armed", "aborted"]);
    probe.resume(failure(probe.offered));
    await task.ended;
  },

  "ends a withdrawn wait with the cancellation": async (door, probe) => {
    const task = door.enter(probe.wait);
    await door.settle();
    task.cancel();
    const error = errorOf(await task.ended);
    expectSame("the error", error, probe.offered);
    expectSame("what was done to the wait", probe.log, ["armed", "aborted"]);
  },

  "waits for a committed wait, and lets its value win": async (door, probe) => {
    probe.answer = "committed";
    const task = door.enter(probe.wait);
    await door.settle();
    task.cancel();
    await door.settle();
    expectSame("whether the task still waits", await isPending(task.ended), true);
    probe.resume(success("done nevertheless"));
    expectSame("the value", valueOf(await task.ended), "done nevertheless");
  },

  "throws the cancellation that a committed wait ends with": async (door, probe) => {
    probe.answer = "committed";
    const task = door.enter(probe.wait);
    await door.settle();
    task.cancel();
    await door.settle();
    probe.resume(failure(probe.offered));
    expectSame("the error", errorOf(await task.ended), probe.offered);
  },

  "never aborts after the wait resumed": async (door, probe) => {
    const task = door.enter(probe.wait);
    await door.settle();
    probe.resume(success(42));
    task.cancel();
    await task.ended;
    await door.settle();
    expectSame("what was done to the wait", probe.log, ["armed"]);
  },

  "never aborts before it armed": async (door, probe) => {
    const task = door.enter(probe.wait);
    task.cancel();
    await task.ended;
    // A task that is cancelled before its first step may never come to the wait.
    expectSame(
      "what was done to the wait",
      probe.log,
      probe.log.length === 0 ? [] : ["armed", "aborted"],
    );
  },
};

function valueOf(outcome: Outcome<unknown>): unknown {
  if (!outcome.ok) expectSame("the outcome of the task", outcome.error, "a value");
  return outcome.ok ? outcome.value : undefined;
}

function errorOf(outcome: Outcome<unknown>): unknown {
  if (outcome.ok) expectSame("the outcome of the task", outcome.value, "an error");
  return outcome.ok ? undefined : outcome.error;
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const nothing = Symbol("pending");
  return (await Promise.race([promise, Promise.resolve(nothing)])) === nothing;
}
