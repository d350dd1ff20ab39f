import { DeadlockError, ExceptionGroup, failure, success } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  Event,
  isCancelled,
  named,
  openNursery,
  run as runOn,
  RunCrashedError,
  sleep,
  sleepForever,
  type CancelledCause,
  type Operation,
} from "../../src/index.js";
import { currentRunToken, spawnSystemTask } from "../../src/lowlevel.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

const defect = new Error("the wire broke");

const crasher = named("crasher", function* (): Operation<void> {
  yield* sleep(1);
  throw defect;
});

async function crashOf(run: Promise<unknown>): Promise<RunCrashedError> {
  const error = await rejectionOf(run);
  if (error instanceof RunCrashedError) return error;
  throw new Error("Expected a RunCrashedError.", { cause: error });
}

describe("a system task that fails", () => {
  test("cancels everything, and is the error of the run when all has unwound (RUN-17, RUN-18, T44)", async () => {
    const { run, trace, log } = virtualRun();
    let cause: CancelledCause | undefined;
    const error = await crashOf(
      run(function* main() {
        spawnSystemTask(crasher);
        spawnSystemTask(function* () {
          try {
            yield* sleepForever();
          } finally {
            log("the other system task unwinds");
          }
        });
        try {
          yield* sleepForever();
        } catch (cancelled) {
          if (isCancelled(cancelled)) ({ cause } = cancelled);
          throw cancelled;
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          log("main has unwound");
        }
      }),
    );
    expect(error.cause).toBe(defect);
    expect(error.message).toContain("the run of 'main': system task 'crasher' failed.");
    expect(isCancelled((error.mainOutcome as { error: unknown }).error)).toBe(true);
    expect(cause).toMatchObject({ kind: "crash", reason: defect, task: "crasher" });
    expect(trace.entries).toEqual([
      [1, "the other system task unwinds"],
      [6, "main has unwound"],
    ]);
  });

  test("loses neither main's error nor its value (RUN-8)", async () => {
    const { run } = virtualRun();
    const mains = new Error("main's own");
    const failing = run(function* () {
      spawnSystemTask(crasher);
      try {
        yield* sleepForever();
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw mains;
      }
    });
    const crash = await crashOf(failing);
    expect(crash.cause).toBe(defect);
    expect(crash.mainOutcome).toEqual(failure(mains));
    const succeeding = run(function* () {
      spawnSystemTask(crasher);
      yield* new CancelScope({ shield: true }).run(() => sleep(5));
      return 42;
    });
    expect((await crashOf(succeeding)).mainOutcome).toEqual(success(42));
  });

  test("gives all errors, in their order, where there are several (T45)", async () => {
    const { run } = virtualRun();
    const second = new Error("of the unwinding");
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(crasher);
        spawnSystemTask(
          named("other", function* () {
            try {
              yield* sleepForever();
            } finally {
              // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
              throw second;
            }
          }),
        );
        yield* sleepForever();
      }),
    );
    expect(error.cause).toBeInstanceOf(ExceptionGroup);
    expect((error.cause as ExceptionGroup).errors).toEqual([defect, second]);
    expect(error.message).toContain("system task 'crasher', system task 'other' failed");
  });

  test("gives a group as it is", async () => {
    const { run } = virtualRun();
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(() =>
          openNursery(function* (nursery) {
            nursery.startSoon(crasher);
          }),
        );
        yield* sleepForever();
      }),
    );
    expect((error.cause as ExceptionGroup).errors).toEqual([defect]);
  });

  test("fails the run also while it is being shut down, without its Cancelleds (RUN-20, T46)", async () => {
    const { run } = virtualRun();
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(sleepForever);
        spawnSystemTask(function* () {
          try {
            yield* sleepForever();
          } finally {
            // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
            throw defect;
          }
        });
        yield* sleep(1);
        return "main's value";
      }),
    );
    expect(error.cause).toBe(defect);
    expect(error.mainOutcome).toEqual(success("main's value"));
  });

  test("is told apart from nothing: any value that is thrown is the cause (T47)", async () => {
    const { run } = virtualRun();
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(function* () {
          // oxlint-disable-next-line no-throw-literal -- that it is no Error is what is shown
          throw undefined;
        });
        yield* sleepForever();
      }),
    );
    expect(error.cause).toBeUndefined();
  });

  test("fails its own run only", async () => {
    const { run } = virtualRun();
    const crashing = rejectionOf(
      run(function* () {
        spawnSystemTask(crasher);
        yield* sleepForever();
      }),
    );
    const other = run(function* () {
      spawnSystemTask(sleepForever);
      yield* sleep(10);
      return "the other went on";
    });
    await expect(crashing).resolves.toBeInstanceOf(RunCrashedError);
    await expect(other).resolves.toBe("the other went on");
  });
});

describe("a deadlock", () => {
  test("names system tasks too, and ends them", async () => {
    const { run, trace, log } = virtualRun();
    const error = await rejectionOf(
      run(
        named("main", function* () {
          spawnSystemTask(
            named("reader", function* () {
              try {
                yield* new Event().wait();
              } finally {
                log("unwinds");
              }
            }),
          );
          currentRunToken().runSoon(() => {});
          yield* sleepForever();
        }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for its cancellation (it sleeps for ever)",
      "task 'reader' waits for an event",
    ]);
    expect(trace.messages).toEqual(["unwinds"]);
  });

  test("of a system task that does not end does not lose main's outcome", async () => {
    const { run } = virtualRun();
    const mains = new Error("main's own");
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(() => new CancelScope({ shield: true }).run(sleepForever));
        yield* sleep(1);
        throw mains;
      }),
    );
    expect(error.cause).toBeInstanceOf(DeadlockError);
    expect(error.mainOutcome).toEqual(failure(mains));
  });

  test("does not hide a crash", async () => {
    const { run } = virtualRun();
    const error = await crashOf(
      run(function* () {
        spawnSystemTask(crasher);
        yield* new CancelScope({ shield: true }).run(sleepForever);
      }),
    );
    expect((error.cause as ExceptionGroup).errors).toEqual([defect, expect.any(DeadlockError)]);
    expect(error.mainOutcome).toBeUndefined();
  });
});

describe("a scheduler that fails", () => {
  test("does not lose main's outcome either (T125)", async () => {
    class BrokenHost extends VirtualHost {
      broken = false;
      override now(): number {
        if (this.broken) throw defect;
        return super.now();
      }
    }
    const host = new BrokenHost();
    const error = await crashOf(
      runOn(
        function* () {
          const shielded = (body: () => Operation<void>): Operation<unknown> =>
            new CancelScope({ shield: true }).run(body);
          spawnSystemTask(shielded, () => sleep(10));
          spawnSystemTask(shielded, function* () {
            yield* sleep(5);
            host.broken = true;
            yield* checkpoint();
          });
          return "main's value";
        },
        // With a seed each checkpoint is a round of the scheduler, which looks at the time.
        { host, seed: 1 },
      ),
    );
    expect(error.cause).toMatchObject({ name: "InternalError", cause: defect });
    expect(error.mainOutcome).toEqual(success("main's value"));
  });
});

describe("a run that could not begin", () => {
  test("ends the system tasks that it has started (T117)", async () => {
    const { run, host, trace, log } = virtualRun();
    const begun = (): Operation<void> => {
      spawnSystemTask(function* () {
        try {
          yield* sleepForever();
        } finally {
          log("unwinds");
        }
      });
      throw defect;
    };
    expect(() => run(begun)).toThrow(defect);
    await new Promise<void>((resolve) => void host.at(10, resolve));
    expect(trace.entries).toEqual([[0, "unwinds"]]);
  });
});
