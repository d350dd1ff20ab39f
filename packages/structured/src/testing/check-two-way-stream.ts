import type { Operation } from "../operation.js";
import type { ReceiveStream, SendStream, Stream } from "../streams/stream.js";
import { checkOneWayStream } from "./check-one-way-stream.js";
import { expectEnd } from "./one-way-stream-rules.js";
import {
  checked,
  must,
  playRules,
  together,
  type StreamMaker,
  type StreamRule,
} from "./stream-rule.js";

const DATA_SIZE = 2 ** 18;
const MAX_CHUNK = 2 ** 14;

/**
 * Checks that streams of one's own, in both directions, do what all streams must: what `checkOneWayStream` does, either way
 * round, and both at once with much data. It throws for the first rule that is broken.
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
 * import { checkTwoWayStream, memoryStreamPair } from "@trestle/structured/testing";
 *
 * function* make(): Operation<ReturnType<typeof memoryStreamPair>> {
 *   return memoryStreamPair();
 * }
 *
 * await run(() => checkTwoWayStream(make));
 * ```
 */
export function* checkTwoWayStream(
  maker: StreamMaker<Stream>,
  cloggedMaker?: StreamMaker<Stream>,
): Operation<void> {
  yield* checkOneWayStream(maker, cloggedMaker);
  yield* checkOneWayStream(flipped(maker), cloggedMaker && flipped(cloggedMaker));
  yield* playRules(twoWayStreamRules, maker);
}

function flipped(maker: StreamMaker<Stream>): StreamMaker<Stream> {
  return function* () {
    const [first, second] = yield* maker();
    return [second, first];
  };
}

const twoWayStreamRules: readonly StreamRule<Stream>[] = [
  {
    rule: "much data arrives as it was sent, in both directions at once",
    *play(first, second, rule) {
      const there = someData(1);
      const back = someData(2);
      yield* together(
        () => sendInChunks(first, there, someNumbers(3)),
        () => sendInChunks(second, back, someNumbers(4)),
        () => expectData(rule, first, back, someNumbers(5)),
        () => expectData(rule, second, there, someNumbers(6)),
      );
    },
  },
  {
    rule: "the other side receives the end when a stream is closed, and can be closed itself",
    *play(first, second, rule) {
      yield* together(
        function* () {
          yield* expectEnd(rule, second);
          yield* checked(() => second.aclose());
        },
        () => checked(() => first.aclose()),
      );
    },
  },
];

function* sendInChunks(
  stream: SendStream,
  data: Uint8Array,
  random: (below: number) => number,
): Operation<void> {
  for (let sent = 0; sent < data.length;) {
    const end = sent + 1 + random(MAX_CHUNK);
    yield* stream.sendAll(data.subarray(sent, end));
    sent = end;
  }
}

function* expectData(
  rule: string,
  stream: ReceiveStream,
  data: Uint8Array,
  random: (below: number) => number,
): Operation<void> {
  for (let received = 0; received < data.length;) {
    const chunk = yield* stream.receiveSome(1 + random(MAX_CHUNK));
    must(rule, chunk.length > 0, `it ended after ${received} of ${data.length} bytes`);
    const isSame = chunk.every((byte, i) => byte === data[received + i]);
    must(rule, isSame, `it gave other bytes than were sent, from byte ${received} on`);
    received += chunk.length;
  }
}

function someData(seed: number): Uint8Array {
  const random = someNumbers(seed);
  return Uint8Array.from({ length: DATA_SIZE }, () => random(256));
}

/** Numbers that look like chance and are the same each time. */
function someNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (state >>> 8) % below;
  };
}
