// What a loop calls, one at a time: a callback with its handle, the waker of an await, the first step of a task.

/** Something that the loop calls when its turn has come. */
export interface Ready {
  /** Says that the turn is to be passed over. */
  readonly withdrawn: boolean;
  /**
   * Must not throw: whose fault an error is, only the callee knows.
   *
   * @returns whether it was quiet: it ran nobody else's code and settled no promise, so no microtask has to run before the
   * next step
   */
  step(): boolean;
  /** Says that it comes from outside and no task's code goes on in it: where it makes nothing ready, a loop that rested rests on. */
  readonly isFromOutside?: boolean;
  /** What it is, for reports in debug mode. */
  describe?(): string;
}
