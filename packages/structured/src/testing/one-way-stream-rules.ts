import { ArgumentError } from "@trestle/host";
import { Cancelled } from "../cancelled.js";
import { CancelScope } from "../cancel-scope.js";
import { openNursery } from "../nursery.js";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { AsyncResource, ReceiveStream, SendStream } from "../streams/stream.js";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
} from "../sync/resource-errors.js";
import {
  bytesOf,
  checked,
  mayThrow,
  must,
  mustThrow,
  shown,
  together,
  type StreamRule,
} from "./stream-rule.js";
import { waitAllTasksBlocked } from "./wait-all-tasks-blocked.js";

type Rule = StreamRule<SendStream, ReceiveStream>;
const MORE = new Uint8Array(100);

export function* expectByte(rule: string, stream: ReceiveStream, text: string): Operation<void> {
  const got = yield* checked(() => stream.receiveSome(1));
  must(rule, got.length === text.length && got[0] === bytesOf(text)[0], shown(got));
}

export function* expectEnd(rule: string, stream: ReceiveStream): Operation<void> {
  for (let i = 0; i < 2; i++) {
    const got = yield* checked(() => stream.receiveSome(10));
    must(rule, got.length === 0, shown(got));
  }
}

function* sendForEver(send: SendStream): Operation<void> {
  for (;;) yield* checked(() => send.sendAll(MORE));
}

function* acloseCancelled(resource: AsyncResource): Operation<void> {
  const scope = new CancelScope();
  scope.cancel();
  yield* scope.run(() => resource.aclose());
}

/** Whichever of two operations comes second is refused, which ends the first. */
export function bothBusy(
  rule: string,
  first: () => Operation<unknown>,
  second: () => Operation<unknown>,
): Operation<void> {
  return mustThrow(rule, BusyResourceError, () => together(first, second));
}

/** What holds for each pair of a sending and a receiving stream. */
export const oneWayStreamRules: readonly Rule[] = [
  {
    rule: "a receiver gets what was sent",
    *play(send, receive, rule) {
      yield* together(
        () => checked(() => send.sendAll(bytesOf("x"))),
        () => expectByte(rule, receive, "x"),
      );
    },
  },
  {
    rule: "sending no bytes sends nothing, and no end",
    *play(send, receive, rule) {
      yield* together(
        function* () {
          yield* checked(() => send.sendAll(new Uint8Array(0)));
          yield* checked(() => send.sendAll(bytesOf("y")));
        },
        () => expectByte(rule, receive, "y"),
      );
    },
  },
  {
    rule: "a part of a larger array is sent as that part",
    *play(send, receive, rule) {
      yield* together(
        () => send.sendAll(bytesOf("abc").subarray(1, 2)),
        () => expectByte(rule, receive, "b"),
      );
    },
  },
  {
    rule: "'receiveSome' takes whole numbers from 1, and 'sendAll' Uint8Arrays",
    *play(send, receive, rule) {
      for (const bad of [-1, 0, 1.5, NaN, "1" as never]) {
        yield* mustThrow(rule, ArgumentError, () => receive.receiveSome(bad));
      }
      yield* mustThrow(rule, ArgumentError, () => send.sendAll("text" as never));
    },
  },
  {
    rule: "'receiveSome' gives what is there where it is not told how much, and never more than it is told",
    *play(send, receive, rule) {
      yield* together(
        () => send.sendAll(bytesOf("12345")),
        function* () {
          const two = yield* receive.receiveSome(2);
          must(rule, two.length > 0 && two.length <= 2, shown(two));
          for (let left = 5 - two.length; left > 0;) {
            const got = yield* receive.receiveSome();
            must(rule, got.length > 0 && got.length <= left, shown(got));
            left -= got.length;
          }
        },
      );
    },
  },
  {
    rule: "only one task receives at a time",
    play: (_send, receive, rule) =>
      bothBusy(
        rule,
        () => receive.receiveSome(1),
        () => receive.receiveSome(1),
      ),
  },
  {
    rule: "a receive that was cancelled has taken nothing",
    *play(send, receive, rule) {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => scope.run(() => receive.receiveSome(1)));
        yield* waitAllTasksBlocked();
        scope.cancel();
      });
      yield* together(
        () => send.sendAll(bytesOf("z")),
        () => expectByte(rule, receive, "z"),
      );
    },
  },
  {
    rule: "'waitSendAllMightNotBlock' returns while somebody receives from an empty stream",
    *play(send, receive) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => receive.receiveSome(1));
        yield* checked(() => send.waitSendAllMightNotBlock());
        nursery.cancelScope.cancel();
      });
    },
  },
  {
    rule: "sending fails with BrokenResourceError when the receiver has been closed, from then on",
    *play(send, receive, rule) {
      yield* together(
        () => mustThrow(rule, BrokenResourceError, () => sendForEver(send)),
        () => checked(() => receive.aclose()),
      );
      yield* mustThrow(rule, BrokenResourceError, () => send.sendAll(MORE));
    },
  },
  {
    rule: "sending fails with BrokenResourceError when the receiver has been closed by force",
    *play(send, receive, rule) {
      yield* acloseForcefully(receive);
      yield* mustThrow(rule, BrokenResourceError, () => sendForEver(send));
      yield* mustThrow(rule, ClosedResourceError, () => receive.receiveSome(10));
    },
  },
  {
    rule: "a closed stream refuses everything with ClosedResourceError, and may be closed again",
    *play(send, receive, rule) {
      yield* together(
        () => checked(() => send.aclose()),
        () => checked(() => receive.aclose()),
      );
      for (let i = 0; i < 2; i++) {
        yield* checked(() => receive.aclose());
        yield* checked(() => send.aclose());
      }
      yield* mustThrow(rule, ClosedResourceError, () => receive.receiveSome(10));
      yield* mustThrow(rule, ClosedResourceError, () => send.sendAll(MORE));
      yield* mustThrow(rule, ClosedResourceError, () => send.sendAll(new Uint8Array(0)));
      yield* mustThrow(rule, ClosedResourceError, () => send.waitSendAllMightNotBlock());
    },
  },
  {
    rule: "a receiver gets what was sent before the sender was closed, and then the end for ever",
    *play(send, receive, rule) {
      yield* together(
        function* () {
          yield* send.sendAll(bytesOf("y"));
          yield* checked(() => send.aclose());
        },
        function* () {
          // The sender gets as far as it can, so that the data is there when the stream is closed.
          yield* waitAllTasksBlocked();
          yield* expectByte(rule, receive, "y");
          yield* expectEnd(rule, receive);
        },
      );
    },
  },
  {
    rule: "a receiver gets the end or BrokenResourceError when the sender has been closed by force",
    *play(send, receive, rule) {
      yield* acloseForcefully(send);
      yield* mustThrow(rule, ClosedResourceError, () => send.sendAll(MORE));
      yield* mayThrow(BrokenResourceError, () => expectEnd(rule, receive));
    },
  },
  {
    rule: "closing in a cancelled scope closes",
    *play(send, receive, rule) {
      yield* acloseCancelled(receive);
      yield* acloseCancelled(send);
      yield* mustThrow(rule, ClosedResourceError, () => send.sendAll(MORE));
      yield* mustThrow(rule, ClosedResourceError, () => receive.receiveSome(10));
    },
  },
  {
    rule: "operations in a cancelled scope are cancelled, and the stream can be closed afterwards",
    *play(send, receive, rule) {
      const scope = new CancelScope();
      scope.cancel();
      yield* scope.run(function* () {
        yield* mustThrow(rule, Cancelled, () => send.sendAll(bytesOf("x")));
        yield* mustThrow(rule, Cancelled, () => receive.receiveSome(1));
      });
      yield* together(
        () => checked(() => send.aclose()),
        () => checked(() => receive.aclose()),
      );
    },
  },
  {
    rule: "a receive fails with ClosedResourceError when its stream is closed meanwhile",
    *play(_send, receive, rule) {
      yield* together(
        () => mustThrow(rule, ClosedResourceError, () => receive.receiveSome(10)),
        function* () {
          yield* waitAllTasksBlocked();
          yield* acloseForcefully(receive);
        },
      );
    },
  },
];
