import { describe, expect, test } from "vitest";
import { checkpoint, isCancelled, sleepForever, type Operation } from "../../src/index.js";
import type { ReceiveStream, SendStream } from "../../src/streams.js";
import { checkOneWayStream, memoryStreamOneWayPair } from "../../src/testing.js";
import { oneWayStreamRules } from "../../src/testing/one-way-stream-rules.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

interface Sabotage {
  send?: (stream: SendStream) => Partial<SendStream>;
  receive?: (stream: ReceiveStream) => Partial<ReceiveStream>;
}

/** Gives a stream with some of its methods replaced. */
function replaced<S extends SendStream | ReceiveStream>(stream: S, by: Partial<S> = {}): S {
  return new Proxy(stream, {
    get(target, name) {
      const own = Reflect.get(by, name) ?? Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

const defects: [rule: RegExp, defect: string, sabotage: Sabotage][] = [
  [
    /gets what was sent/,
    "it changes bytes",
    {
      send: (stream) => ({ sendAll: (data) => stream.sendAll(data.map((byte) => byte ^ 1)) }),
    },
  ],
  [
    /gets what was sent: it has passed no checkpoint/,
    "a send that is no checkpoint",
    { send: () => ({ *sendAll() {} }) },
  ],
  [
    /no bytes sends nothing, and no end/,
    "an empty send is an end",
    {
      send: (stream) => ({
        *sendAll(data) {
          if (data.length === 0) yield* stream.aclose();
          else yield* stream.sendAll(data);
        },
      }),
    },
  ],
  [
    /as that part/,
    "it sends the whole memory of an array",
    { send: (stream) => ({ sendAll: (data) => stream.sendAll(new Uint8Array(data.buffer)) }) },
  ],
  [
    /whole numbers from 1/,
    "it takes any number of bytes",
    { receive: (stream) => ({ receiveSome: () => stream.receiveSome() }) },
  ],
  [
    /one task receives at a time/,
    "a second receiver waits",
    {
      receive: (stream) => {
        let isBusy = false;
        return {
          *receiveSome(maxBytes) {
            if (isBusy) yield* sleepForever();
            isBusy = true;
            try {
              return yield* stream.receiveSome(maxBytes);
            } finally {
              isBusy = false;
            }
          },
        };
      },
    },
  ],
  [
    /receive that was cancelled has taken nothing/,
    "it ends after a cancelled receive",
    {
      receive: (stream) => {
        let isOver = false;
        return {
          *receiveSome(maxBytes) {
            if (isOver) {
              yield* checkpoint();
              return new Uint8Array(0);
            }
            try {
              return yield* stream.receiveSome(maxBytes);
            } catch (error) {
              isOver = isCancelled(error);
              throw error;
            }
          },
        };
      },
    },
  ],
  [
    /closed stream refuses everything/,
    "an empty send into a closed stream succeeds",
    {
      send: (stream) => ({
        *sendAll(data) {
          yield* data.length === 0 ? checkpoint() : stream.sendAll(data);
        },
      }),
    },
  ],
  [
    /then the end for ever/,
    "it ends once",
    {
      receive: (stream) => {
        let hasEnded = false;
        return {
          *receiveSome(maxBytes) {
            if (hasEnded) throw new Error("the end was told already");
            const data = yield* stream.receiveSome(maxBytes);
            hasEnded = data.length === 0;
            return data;
          },
        };
      },
    },
  ],
  [
    /when the sender has been closed by force/,
    "a cancelled closing does nothing",
    {
      send: (stream) => ({
        *aclose() {
          yield* checkpoint();
          yield* stream.aclose();
        },
      }),
    },
  ],
  [
    /in a cancelled scope are cancelled/,
    "a send that cannot be cancelled",
    {
      send: (stream) => ({
        *sendAll(data): Operation<void> {
          yield* caughtInside(() => stream.sendAll(data));
        },
      }),
    },
  ],
];

/** Swallows a cancellation, which nobody should. */
function* caughtInside(operation: () => Operation<void>): Operation<void> {
  try {
    yield* operation();
  } catch (error) {
    if (!isCancelled(error)) throw error;
  }
}

describe("the rules for one-way streams find (TST-12)", () => {
  test.each(defects)("%s: %s", async (rule, _defect, sabotage) => {
    const { run } = virtualRun();
    const checking = run(() =>
      checkOneWayStream(function* () {
        const [send, receive] = memoryStreamOneWayPair();
        return [
          replaced<SendStream>(send, sabotage.send?.(send)),
          replaced<ReceiveStream>(receive, sabotage.receive?.(receive)),
        ];
      }),
    );
    // A stream that freezes is told of by the host, with the rule as the name of a task.
    expect(String(await rejectionOf(checking))).toMatch(rule);
  });

  test("each of them said once", () => {
    const rules = oneWayStreamRules.map(({ rule }) => rule);
    expect(new Set(rules).size).toBe(rules.length);
  });
});
