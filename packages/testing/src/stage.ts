/**
 * The little that a behaviour of locks and queues needs of a runtime: tasks that run lists of steps, on virtual time. A
 * step is whatever the runtime runs: for one of generators a function that makes an operation, for one of promises a
 * function that makes a promise.
 */
export interface Stage<Step> {
  /** Runs each list of steps in a task of its own, started in the order of the lists; resolves when all have ended. */
  readonly play: (...tasks: readonly (readonly Step[])[]) => Promise<void>;
  /** The virtual time in milliseconds. */
  readonly now: () => number;
  /** Sleeps for some milliseconds. */
  readonly sleep: (ms: number) => Step;
  /** Calls a plain function. */
  readonly call: (action: () => void) => Step;
  /** Runs the steps; after so many milliseconds what is left of them is cancelled, and the task goes on behind them. */
  readonly cancelAfter: (ms: number, steps: readonly Step[]) => Step;
}
