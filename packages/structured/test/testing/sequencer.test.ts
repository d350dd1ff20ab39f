import { ArgumentError, type DeadlockError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { CancelScope, checkpoint, named, openNursery, sleep } from "../../src/index.js";
import { Sequencer, SequencerError } from "../../src/testing/sequencer.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("a sequencer", () => {
  test("runs blocks in the order of their numbers, whatever the order of asking (TST-9, T246)", async () => {
    const { run, trace, log } = virtualRun();
    const sequence = new Sequencer();
    await run(() =>
      openNursery(function* (nursery) {
        for (const position of [4, 0, 3, 1, 2]) {
          nursery.startSoon(function* () {
            const value = yield* sequence.at(
              position,
              function* (unit: number) {
                log(`${position} begins`);
                yield* sleep(10 * unit);
                log(`${position} ends`);
                return position * unit;
              },
              1,
            );
            expect(value).toBe(position);
          });
        }
      }),
    );
    expect(trace.entries).toEqual(
      [0, 1, 2, 3, 4].flatMap((position) => [
        [10 * position, `${position} begins`],
        [10 * (position + 1), `${position} ends`],
      ]),
    );
  });

  test("lets one task take turn after turn", async () => {
    const { run, trace, log } = virtualRun();
    const sequence = new Sequencer();
    const child = function* (positions: readonly number[]) {
      for (const position of positions) {
        yield* sequence.at(position, function* () {
          log(`${position}`);
        });
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(child, [1, 2, 5]);
        nursery.startSoon(child, [0, 3, 4]);
      }),
    );
    expect(trace.messages).toEqual(["0", "1", "2", "3", "4", "5"]);
  });

  test("passes the turn on where a block fails", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    const error = new Error("of a block");
    await run(function* () {
      let caught: unknown;
      try {
        yield* sequence.at(0, function* () {
          throw error;
        });
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
      expect(
        yield* sequence.at(1, function* () {
          return "next";
        }),
      ).toBe("next");
    });
  });

  test("refuses a position that was taken (TST-9, T246)", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    const error = await rejectionOf(
      run(function* () {
        yield* sequence.at(0, () => checkpoint());
        yield* sequence.at(0, () => checkpoint());
      }),
    );
    expect(error).toBeInstanceOf(SequencerError);
    expect((error as Error).message).toContain("position 0");
  });

  test("is broken for all others by one that is cancelled before its turn (TST-9, T246)", async () => {
    const { run, trace, log } = virtualRun();
    const sequence = new Sequencer();
    const scope = new CancelScope();
    const taker = function* (position: number) {
      try {
        yield* sequence.at(position, () => sleep(10));
        log(`${position} ran`);
      } catch (error) {
        if (!(error instanceof SequencerError)) throw error;
        log(`${position} is broken`);
      }
    };
    await run(() =>
      openNursery(function* (nursery) {
        for (const position of [0, 1, 3]) nursery.startSoon(taker, position);
        nursery.startSoon(() => scope.run(() => taker(2)));
        yield* sleep(5);
        scope.cancel();
        yield* sleep(1);
        yield* taker(4);
      }),
    );
    expect(trace.entries).toEqual([
      [5, "1 is broken"],
      [5, "3 is broken"],
      [6, "4 is broken"],
      [10, "0 ran"],
    ]);
    expect(scope.cancelledCaught).toBe(true);
  });

  test("is a checkpoint at each position, and broken by a task that is cancelled already", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    const scope = new CancelScope();
    scope.cancel();
    const error = await rejectionOf(
      run(function* () {
        yield* scope.run(() => sequence.at(0, () => checkpoint()));
        expect(scope.cancelledCaught).toBe(true);
        yield* sequence.at(1, () => checkpoint());
      }),
    );
    expect(error).toBeInstanceOf(SequencerError);
  });

  test("is not broken by a block that is cancelled", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    const scope = new CancelScope({ relativeDeadline: 5 });
    const ran = await run(function* () {
      yield* scope.run(() => sequence.at(0, () => sleep(100)));
      return yield* sequence.at(1, function* () {
        return "ran";
      });
    });
    expect([scope.cancelledCaught, ran]).toEqual([true, "ran"]);
  });

  test("names the position that a task waits for", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    const error = await rejectionOf(run(named("main", () => sequence.at(3, () => checkpoint()))));
    expect((error as DeadlockError).parked).toEqual([
      "task 'main' waits for its turn, which is number 3 of a sequence",
    ]);
  });

  test.for([-1, 0.5, NaN, "0", undefined])("refuses %j as a position", (position) => {
    expect(() => new Sequencer().at(position as number, () => checkpoint())).toThrow(ArgumentError);
  });

  test("passes the turn on where the body is no structured function", async () => {
    const { run } = virtualRun();
    const sequence = new Sequencer();
    await run(function* () {
      const wrong = (async () => {}) as never;
      let caught: unknown;
      try {
        yield* sequence.at(0, wrong);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(WrongFlavorError);
      yield* sequence.at(1, () => checkpoint());
    });
  });
});
