import type { Operation } from "../operation.js";
import type { ReceiveStream, SendStream } from "../streams/stream.js";
import { cloggedStreamRules } from "./clogged-stream-rules.js";
import { oneWayStreamRules } from "./one-way-stream-rules.js";
import { playRules, type StreamMaker } from "./stream-rule.js";

/**
 * Checks that streams of one's own do what all streams must: it tries everything that they promise, with two fresh ones each
 * time, and throws for the first rule that is broken.
 *
 * Waits for what the streams do; run it on virtual time, and one that freezes is told of as a deadlock. Source: Trio. Flavor:
 * structured.
 *
 * @param maker gives a sending and a receiving stream that are connected
 * @param cloggedMaker the same, with streams in which `sendAll` and `waitSendAllMightNotBlock` have to wait until somebody
 * receives; leave it out where a stream never has to wait
 * @throws StreamRuleError, which names the rule; what the makers throw
 * @example
 * ```ts
 * import { run, type Operation } from "@trestle/structured";
 * import { checkOneWayStream, lockstepStreamOneWayPair } from "@trestle/structured/testing";
 *
 * function* make(): Operation<ReturnType<typeof lockstepStreamOneWayPair>> {
 *   return lockstepStreamOneWayPair();
 * }
 *
 * await run(() => checkOneWayStream(make, make));
 * ```
 */
export function* checkOneWayStream(
  maker: StreamMaker<SendStream, ReceiveStream>,
  cloggedMaker?: StreamMaker<SendStream, ReceiveStream>,
): Operation<void> {
  yield* playRules(oneWayStreamRules, maker);
  if (cloggedMaker !== undefined) yield* playRules(cloggedStreamRules, cloggedMaker);
}
