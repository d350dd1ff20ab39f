import type { Operation } from "../operation.js";
import type { HalfCloseableStream } from "../streams/stream.js";
import { ClosedResourceError } from "../sync/resource-errors.js";
import { checkTwoWayStream } from "./check-two-way-stream.js";
import { bothBusy, expectByte, expectEnd } from "./one-way-stream-rules.js";
import {
  bytesOf,
  checked,
  mustThrow,
  playRules,
  together,
  type StreamMaker,
  type StreamRule,
} from "./stream-rule.js";
import { waitAllTasksBlocked } from "./wait-all-tasks-blocked.js";

/**
 * Checks that streams of one's own, whose sending can be ended by itself, do what all such streams must: what
 * `checkTwoWayStream` does, and all about `sendEof`. It throws for the first rule that is broken.
 *
 * Waits for what the streams do. Source: Trio. Flavor: structured.
 *
 * @param maker gives two streams that are connected
 * @param cloggedMaker the same, with streams in which a send has to wait until somebody receives; leave it out where a stream
 * never has to wait
 * @throws StreamRuleError, which names the rule; what the makers throw
 * @example
 * ```ts
 * import { run, type Operation } from "@trestle/structured";
 * import { checkHalfCloseableStream, memoryStreamPair } from "@trestle/structured/testing";
 *
 * function* make(): Operation<ReturnType<typeof memoryStreamPair>> {
 *   return memoryStreamPair();
 * }
 *
 * await run(() => checkHalfCloseableStream(make));
 * ```
 */
export function* checkHalfCloseableStream(
  maker: StreamMaker<HalfCloseableStream>,
  cloggedMaker?: StreamMaker<HalfCloseableStream>,
): Operation<void> {
  yield* checkTwoWayStream(maker, cloggedMaker);
  yield* playRules(halfCloseableStreamRules, maker);
  if (cloggedMaker !== undefined) yield* playRules(cloggedRules, cloggedMaker);
}

const halfCloseableStreamRules: readonly StreamRule<HalfCloseableStream>[] = [
  {
    rule: "'sendEof' ends one direction, after what was sent, once, and leaves the other one open",
    *play(first, second, rule) {
      yield* sendAndEnd(rule, first, second);
      yield* mustThrow(rule, ClosedResourceError, () => first.sendAll(bytesOf("y")));
      yield* checked(() => first.sendEof());
      yield* sendAndEnd(rule, second, first);
    },
  },
];

function sendAndEnd(
  rule: string,
  from: HalfCloseableStream,
  to: HalfCloseableStream,
): Operation<void> {
  return together(
    function* () {
      yield* from.sendAll(bytesOf("x"));
      yield* checked(() => from.sendEof());
    },
    function* () {
      yield* waitAllTasksBlocked();
      yield* expectByte(rule, to, "x");
      yield* expectEnd(rule, to);
    },
  );
}

function* endSoon(stream: HalfCloseableStream): Operation<void> {
  yield* waitAllTasksBlocked();
  yield* stream.sendEof();
}

const cloggedRules: readonly StreamRule<HalfCloseableStream>[] = [
  {
    rule: "'sendEof' is refused while a task sends",
    play: (first, _second, rule) =>
      bothBusy(
        rule,
        () => first.sendAll(bytesOf("x")),
        () => endSoon(first),
      ),
  },
  {
    rule: "'sendEof' is refused while a task waits in 'waitSendAllMightNotBlock'",
    play: (first, _second, rule) =>
      bothBusy(
        rule,
        () => first.waitSendAllMightNotBlock(),
        () => endSoon(first),
      ),
  },
];
