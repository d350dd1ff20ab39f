// What the ways to promise code and to the platform give, as TypeScript sees it.
import { EventEmitter, on } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import type { Socket } from "node:net";
import { expectTypeOf, test } from "vitest";
import {
  abortable,
  eachOf,
  moveOnAbort,
  openEventChannel,
  scopeSignal,
  sleep,
  using,
  waitEvent,
  type EventChannel,
  type Operation,
  type ScopeResult,
} from "../../src/index.js";

declare const socket: Socket;
declare const target: EventTarget;
declare const signal: AbortSignal;

test("a body of 'using' has the resource, however it was opened", () => {
  function* size(file: FileHandle): Operation<number> {
    return (yield* abortable(() => file.stat())).size;
  }
  const opening = (): Operation<FileHandle> => abortable(() => open("x"));
  expectTypeOf(using(opening(), size)).toEqualTypeOf<Operation<number>>();
  expectTypeOf(using(opening, size)).toEqualTypeOf<Operation<number>>();
  using(
    opening(),
    function* (file, path) {
      expectTypeOf(file).toEqualTypeOf<FileHandle>();
      expectTypeOf(path).toEqualTypeOf<string>();
    },
    "x",
  );
  using({ aclose: () => sleep(1), name: "x" }, function* (resource) {
    expectTypeOf(resource.name).toEqualTypeOf<string>();
  });
  // @ts-expect-error -- there is no way to close it
  using({ name: "x" }, () => sleep(1));
  // @ts-expect-error -- a promise would be let go by a cancellation
  using(open("x"), () => sleep(1));
});

test("a body of 'eachOf' has an item", () => {
  eachOf([1], function* (item) {
    expectTypeOf(item).toEqualTypeOf<number>();
  });
  eachOf(
    async function* (given) {
      expectTypeOf(given).toEqualTypeOf<AbortSignal>();
      yield "a";
    },
    function* (item) {
      expectTypeOf(item).toEqualTypeOf<string>();
    },
  );
  eachOf(
    (given) => on(new EventEmitter(), "x", { signal: given }),
    function* (args) {
      expectTypeOf(args).toExtend<unknown[]>();
    },
  );
  // @ts-expect-error -- a body of the loop flavor
  eachOf([1], async () => {});
  // @ts-expect-error -- not iterable
  eachOf(5, () => sleep(1));
});

test("events are lists of arguments, whose types the reader knows", () => {
  expectTypeOf(waitEvent(socket, "data")).toEqualTypeOf<Operation<unknown[]>>();
  expectTypeOf(waitEvent<[Buffer]>(socket, "data")).toEqualTypeOf<Operation<[Buffer]>>();
  expectTypeOf(waitEvent<[Event]>(target, "x")).toEqualTypeOf<Operation<[Event]>>();
  expectTypeOf(waitEvent<[Event]>(signal, "abort")).toEqualTypeOf<Operation<[Event]>>();
  const events = openEventChannel(socket, "data", (channel: EventChannel<[Buffer]>) =>
    channel.receive(),
  );
  expectTypeOf(events).toEqualTypeOf<Operation<[Buffer]>>();
  openEventChannel(target, "x", function* (channel) {
    expectTypeOf(yield* channel.receive()).toEqualTypeOf<unknown[]>();
  });
});

test("signals", () => {
  expectTypeOf(scopeSignal()).toEqualTypeOf<AbortSignal>();
  const moved = moveOnAbort(
    signal,
    function* (scope, n) {
      expectTypeOf(scope.cancelCalled).toEqualTypeOf<boolean>();
      return n + 1;
    },
    1,
  );
  expectTypeOf(moved).toEqualTypeOf<Operation<ScopeResult<number>>>();
});
