import { describe, expect, test } from "vitest";
import {
  BusyResourceError,
  Cancelled,
  checkpoint,
  ClosedResourceError,
  moveOnAfter,
  sleep,
} from "../../src/index.js";
import { memoryStreamOneWayPair, StreamRuleError } from "../../src/testing.js";
import {
  bytesOf,
  checked,
  mayThrow,
  must,
  mustThrow,
  playRules,
  shown,
  together,
} from "../../src/testing/stream-rule.js";
import { caughtBy } from "../streams/caught-by.js";
import { virtualRun } from "../virtual-run.js";

describe("playRules", () => {
  test("plays each rule with fresh streams, and closes them", async () => {
    const { run } = virtualRun();
    const pairs: ReturnType<typeof memoryStreamOneWayPair>[] = [];
    const rule = { rule: "nothing", play: () => checkpoint() };
    await run(function* () {
      yield* playRules([rule, rule], function* () {
        const pair = memoryStreamOneWayPair();
        pairs.push(pair);
        return pair;
      });
      expect(pairs).toHaveLength(2);
      for (const [send, receive] of pairs) {
        expect(yield* caughtBy(() => send.sendAll(bytesOf("x")))).toBeInstanceOf(
          ClosedResourceError,
        );
        expect(yield* caughtBy(() => receive.receiveSome())).toBeInstanceOf(ClosedResourceError);
      }
    });
  });

  test("names the rule in which something is thrown, and lets a cancellation through", async () => {
    const { run } = virtualRun();
    const cause = new Error("oops");
    const maker = function* () {
      const pair = memoryStreamOneWayPair();
      // What closing by force throws is nobody's business here.
      pair[0].closeHook = () => {
        throw new Error("cannot close");
      };
      return pair;
    };
    await run(function* () {
      const failing = {
        rule: "all is well",
        play: () => {
          throw cause;
        },
      };
      const error = yield* caughtBy(() => playRules([failing], maker));
      expect(error).toBeInstanceOf(StreamRuleError);
      expect(error).toMatchObject({ rule: "all is well", cause });
      const silent = { rule: "it pauses", play: () => checked(function* () {}) };
      expect(String(yield* caughtBy(() => playRules([silent], maker)))).toContain("no checkpoint");
      const slow = { rule: "it sleeps", play: () => sleep(1000) };
      const { cancelledCaught } = yield* moveOnAfter(10, () => playRules([slow], maker));
      expect(cancelledCaught).toBe(true);
    });
  });
});

describe("what rules are written with", () => {
  test("tells what was thrown and what was not", async () => {
    const { run } = virtualRun();
    const busy = function* () {
      throw new BusyResourceError("send");
    };
    await run(function* () {
      yield* mustThrow("it is refused", BusyResourceError, busy);
      yield* mayThrow(BusyResourceError, busy);
      yield* mayThrow(BusyResourceError, checkpoint);
      yield* moveOnAfter(0, () => mustThrow("it is cancelled", Cancelled, () => sleep(1)));
      const { cancelledCaught } = yield* moveOnAfter(0, () =>
        mustThrow("it is refused", BusyResourceError, () => sleep(1)),
      );
      expect(cancelledCaught).toBe(true);
      for (const operation of [busy, checkpoint]) {
        const wrong = yield* caughtBy(() => mustThrow("closed", ClosedResourceError, operation));
        expect(wrong).toBeInstanceOf(StreamRuleError);
      }
      expect(yield* caughtBy(() => mayThrow(ClosedResourceError, busy))).toBeInstanceOf(
        BusyResourceError,
      );
      expect(yield* caughtBy(() => together(checkpoint, busy))).toBeInstanceOf(BusyResourceError);
    });
    expect(() => must("so it is", true, "not")).not.toThrow();
    expect(() => must("so it is", false, shown(bytesOf("a")))).toThrow(/it gave \[97\]/);
  });
});
