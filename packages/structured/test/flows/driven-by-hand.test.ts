// Block forms nest by themselves. Who calls `next` on them by hand can leave them in any order, and by another task: that is
// told, cancels what would be left behind, and does no harm to the rest of the run.
import { InternalError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  named,
  openNursery,
  ScopeLeftOpenError,
  ScopeReusedError,
  sleep,
  sleepForever,
  type Operation,
  type OperationIterator,
} from "../../src/index.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** The body of a block that whoever drives it by hand gets back in the middle. */
function* pausing(): Generator<unknown, string> {
  yield "in the middle";
  return "the end";
}
const body = pausing as () => Operation<string>;

/** Drives an operation into the middle of its body. */
function begin<T>(operation: Operation<T>): OperationIterator<T> {
  const iterator = operation[Symbol.iterator]();
  expect(iterator.next().value).toBe("in the middle");
  return iterator;
}

function thrownBy(use: () => unknown): unknown {
  try {
    use();
  } catch (error) {
    return error;
  }
  throw new Error("Expected an error.");
}

describe("a scope that is left before one inside it", () => {
  test("throws, the inner one is left quietly then, and the task is told what stays open (SCOPE-28, T32)", async () => {
    const { run } = virtualRun();
    const [outer, inner] = [new CancelScope({ name: "outer" }), new CancelScope()];
    const main = function* (): Operation<void> {
      const outerBlock = begin(outer.run(body));
      const innerBlock = begin(inner.run(body));
      const error = thrownBy(() => outerBlock.next());
      expect(error).toBeInstanceOf(InternalError);
      expect((error as Error).message).toBe(
        "Cannot leave a cancel scope or nursery of task 'main': it is not the innermost one that is open.",
      );
      expect(innerBlock.next()).toEqual({
        done: true,
        value: { cancelledCaught: false, value: "the end" },
      });
    };
    const error = await rejectionOf(run(named("main", main)));
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect((error as Error).message).toContain("it left scope 'outer' open");
  });

  test("throws also where it is that of a nursery, which cannot be entered or left by itself (SCOPE-30, T33)", async () => {
    const { run, host } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(sleep, 10);
        const error = thrownBy(() => begin(nursery.cancelScope.run(body)));
        expect(error).toBeInstanceOf(ScopeReusedError);
      }),
    );
    expect(host.now()).toBe(10);
  });
});

describe("a task that ends inside of a nursery that it opened by hand", () => {
  /** Opens a nursery with a child and ends, leaving it open. */
  const abandon = (child: () => Operation<unknown>) =>
    named("abandoner", function* () {
      yield* moveOnAfter(1000, function* () {
        openNursery(function* (nursery) {
          nursery.startSoon(child);
          yield* body();
        })
          [Symbol.iterator]()
          .next();
        yield* checkpoint();
      });
    });

  test("cancels what is in it, with the error for a reason, under whatever scopes (SCOPE-28, T33)", async () => {
    const { run, trace, log } = virtualRun();
    const reasons: unknown[] = [];
    const child = function* (): Operation<void> {
      yield* new CancelScope().run(function* () {
        try {
          yield* sleepForever();
        } catch (error) {
          log("cancelled");
          if (isCancelled(error)) reasons.push(error.cause.reason);
          throw error;
        }
      });
    };
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sleep(5);
          openNursery(function* (abandoned) {
            abandoned.startSoon(child);
            yield* body();
          })
            [Symbol.iterator]()
            .next();
          yield* sleep(5);
        });
      });
    const [error] = await groupedErrorsOf(run(main));
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect(reasons).toEqual([error]);
    expect(trace.entries).toEqual([[10, "cancelled"]]);
  });

  test("throws at the end of each block form around it as well, so that none is left by mistake (T35)", async () => {
    const { run } = virtualRun();
    const [error] = await groupedErrorsOf(
      run(() =>
        openNursery(function* (nursery) {
          nursery.startSoon(abandon(sleepForever));
        }),
      ),
    );
    expect(error).toBeInstanceOf(InternalError);
  });

  test("lets the children clean up at once; what they throw then is lost (SCOPE-32, T38)", async () => {
    const { run, trace, log } = virtualRun();
    const child = function* (): Operation<void> {
      try {
        yield* sleepForever();
      } finally {
        log("the child cleans up");
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw new Error("lost");
      }
    };
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          openNursery(function* (abandoned) {
            abandoned.startSoon(child);
            yield* body();
          })
            [Symbol.iterator]()
            .next();
          yield* checkpoint();
        });
        yield* new CancelScope({ shield: true }).run(() => sleep(10));
        log("the run goes on");
      });
    const errors = await groupedErrorsOf(run(main));
    expect(errors).toEqual([expect.any(ScopeLeftOpenError)]);
    expect(trace.entries).toEqual([
      [0, "the child cleans up"],
      [10, "the run goes on"],
    ]);
  });

  test("is main as well: the run rejects with that very error, in no group (NUR-22, T36)", async () => {
    const { run } = virtualRun();
    const main = function* (): Operation<void> {
      openNursery(function* (nursery) {
        nursery.startSoon(sleepForever);
        yield* body();
      })
        [Symbol.iterator]()
        .next();
      yield* checkpoint();
    };
    const error = await rejectionOf(run(main));
    expect(error).toBeInstanceOf(ScopeLeftOpenError);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe("a block that another task drives to its end", () => {
  test("throws there, and goes on in its own task (SCOPE-29, T34)", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope({ relativeDeadline: 10 });
    await run(() =>
      openNursery(function* (nursery) {
        const blocks: OperationIterator<unknown>[] = [];
        nursery.startSoon(
          named("owner", function* () {
            const block = begin(scope.run(body));
            blocks.push(block);
            try {
              yield* sleep(20);
            } catch (error) {
              log(`cancelled: ${isCancelled(error)}`);
            }
            expect(block.next().done).toBe(true);
            yield* sleep(5);
            log("left");
          }),
        );
        nursery.startSoon(
          named("stranger", function* () {
            yield* sleep(5);
            const error = thrownBy(() => blocks[0]?.next());
            expect(error).toBeInstanceOf(InternalError);
            expect((error as Error).message).toBe(
              "Cannot end a block of task 'owner' in task 'stranger'.\n" +
                "Run operations by 'yield*' only; do not call 'next' on them.",
            );
            log("told");
          }),
        );
      }),
    );
    expect(trace.entries).toEqual([
      [5, "told"],
      [10, "cancelled: true"],
      [15, "left"],
    ]);
  });

  test("throws for a nursery too, which waits for its children in its own task (SCOPE-29, T37)", async () => {
    const { run, trace, log } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        const block = openNursery(function* (inner) {
          inner.startSoon(function* () {
            yield* sleep(10);
            log("the child ends");
          });
          yield* body();
        })[Symbol.iterator]();
        nursery.startSoon(function* () {
          block.next();
          yield* sleep(5);
          yield* { [Symbol.iterator]: () => block } as Operation<void>;
          log("the nursery ends");
        });
        nursery.startSoon(function* () {
          yield* checkpoint();
          expect(thrownBy(() => block.next())).toBeInstanceOf(InternalError);
        });
      }),
    );
    expect(trace.entries).toEqual([
      [10, "the child ends"],
      [10, "the nursery ends"],
    ]);
  });
});
