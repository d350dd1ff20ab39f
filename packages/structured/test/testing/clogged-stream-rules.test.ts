import { describe, expect, test } from "vitest";
import { checkpoint, type Operation } from "../../src/index.js";
import type { ReceiveStream, SendStream } from "../../src/streams.js";
import {
  lockstepStreamOneWayPair,
  memoryStreamOneWayPair,
  StreamRuleError,
} from "../../src/testing.js";
import { cloggedStreamRules } from "../../src/testing/clogged-stream-rules.js";
import { playRules } from "../../src/testing/stream-rule.js";
import { caughtBy } from "../streams/caught-by.js";
import { virtualRun } from "../virtual-run.js";

function firstBroken(
  make: () => readonly [SendStream, ReceiveStream],
  wanted: RegExp,
): Promise<unknown> {
  const rules = cloggedStreamRules.filter(({ rule }) => wanted.test(rule));
  expect(rules).not.toEqual([]);
  return virtualRun().run(() =>
    caughtBy(() =>
      playRules(rules, function* () {
        return make();
      }),
    ),
  );
}

describe("the rules for streams that make senders wait find (TST-12)", () => {
  test("a stream that makes nobody wait", async () => {
    const error = await firstBroken(memoryStreamOneWayPair, /waits until/);
    expect(error).toBeInstanceOf(StreamRuleError);
    expect(String(error)).toContain("the order was waits, goes on");
  });

  test("a stream that does not wake a sender when it is closed", async () => {
    const error = await firstBroken(() => {
      const [send, receive] = lockstepStreamOneWayPair();
      return [withClosing(send, () => receive.aclose()), receive];
    }, /a send fails with ClosedResourceError/);
    expect(error).toBeInstanceOf(StreamRuleError);
    expect(String(error)).toContain("BrokenResourceError");
  });

  test("a stream that lets two tasks send", async () => {
    const error = await firstBroken(() => {
      const [send, receive] = memoryStreamOneWayPair();
      return [withSending(send, () => checkpoint()), receive];
    }, /one task sends/);
    expect(error).toMatchObject({ rule: "only one task sends at a time" });
  });
});

function withClosing(stream: SendStream, aclose: () => Operation<void>): SendStream {
  return {
    sendAll: (data) => stream.sendAll(data),
    waitSendAllMightNotBlock: () => stream.waitSendAllMightNotBlock(),
    aclose,
  };
}

function withSending(stream: SendStream, sendAll: () => Operation<void>): SendStream {
  return {
    sendAll,
    waitSendAllMightNotBlock: () => stream.waitSendAllMightNotBlock(),
    aclose: () => stream.aclose(),
  };
}
