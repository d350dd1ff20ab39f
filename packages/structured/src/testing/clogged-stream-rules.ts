import { openNursery } from "../nursery.js";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { ReceiveStream, SendStream } from "../streams/stream.js";
import { BrokenResourceError, ClosedResourceError } from "../sync/resource-errors.js";
import { bothBusy } from "./one-way-stream-rules.js";
import {
  bytesOf,
  checked,
  mayThrow,
  must,
  mustThrow,
  together,
  type StreamRule,
} from "./stream-rule.js";
import { waitAllTasksBlocked } from "./wait-all-tasks-blocked.js";

type Rule = StreamRule<SendStream, ReceiveStream>;

function* receiveForEver(receive: ReceiveStream): Operation<void> {
  for (;;) yield* receive.receiveSome(16_384);
}

function* closeSoon(stream: SendStream | ReceiveStream): Operation<void> {
  yield* waitAllTasksBlocked();
  yield* acloseForcefully(stream);
}

const send = (stream: SendStream): Operation<void> => stream.sendAll(bytesOf("123"));
const wait = (stream: SendStream): Operation<void> => stream.waitSendAllMightNotBlock();

/** What holds for streams in which a send has to wait until somebody receives. */
export const cloggedStreamRules: readonly Rule[] = [
  {
    rule: "'waitSendAllMightNotBlock' waits until the other side receives",
    *play(sender, receiver, rule) {
      const order: string[] = [];
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          order.push("waits");
          yield* checked(() => wait(sender));
          order.push("goes on");
          nursery.cancelScope.cancel();
        });
        yield* waitAllTasksBlocked();
        nursery.startSoon(function* () {
          order.push("receives");
          yield* receiveForEver(receiver);
        });
      });
      must(rule, order.join() === "waits,receives,goes on", `the order was ${order.join(", ")}`);
    },
  },
  {
    rule: "only one task waits in 'waitSendAllMightNotBlock' at a time",
    play: (sender, _receiver, rule) =>
      bothBusy(
        rule,
        () => wait(sender),
        () => wait(sender),
      ),
  },
  {
    rule: "no task sends while another waits in 'waitSendAllMightNotBlock'",
    play: (sender, _receiver, rule) =>
      bothBusy(
        rule,
        () => wait(sender),
        () => send(sender),
      ),
  },
  {
    rule: "only one task sends at a time",
    play: (sender, _receiver, rule) =>
      bothBusy(
        rule,
        () => send(sender),
        () => send(sender),
      ),
  },
  {
    rule: "'waitSendAllMightNotBlock' returns, or throws BrokenResourceError, when the receiver is closed meanwhile",
    play: (sender, receiver) =>
      together(
        () => mayThrow(BrokenResourceError, () => checked(() => wait(sender))),
        () => closeSoon(receiver),
      ),
  },
  {
    rule: "'waitSendAllMightNotBlock' returns, or throws BrokenResourceError, after the receiver was closed",
    *play(sender, receiver) {
      yield* acloseForcefully(receiver);
      yield* mayThrow(BrokenResourceError, () => checked(() => wait(sender)));
    },
  },
  {
    rule: "a send fails with ClosedResourceError when its stream is closed meanwhile",
    play: (sender, _receiver, rule) =>
      together(
        () => mustThrow(rule, ClosedResourceError, () => send(sender)),
        () => closeSoon(sender),
      ),
  },
  {
    rule: "'waitSendAllMightNotBlock' fails with ClosedResourceError when its stream is closed meanwhile",
    play: (sender, _receiver, rule) =>
      together(
        () => mustThrow(rule, ClosedResourceError, () => wait(sender)),
        () => closeSoon(sender),
      ),
  },
];
