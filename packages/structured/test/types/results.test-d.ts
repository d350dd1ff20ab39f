// What comes out of each form has the type of what was put in.
import type { Outcome } from "@trestle/host";
import { expectTypeOf } from "vitest";
import {
  abortable,
  asSafeChannel,
  CancelScope,
  checkpoint,
  ContextVar,
  currentTask,
  failAfter,
  fromPromise,
  isCancelled,
  Lock,
  moveOnAfter,
  named,
  openMemoryChannel,
  openNursery,
  run,
  sleep,
  sleepForever,
  type Cancelled,
  type CancelledCause,
  type Operation,
  type ReceiveChannel,
  type ScopeResult,
  type SendChannel,
  type Task,
  type TaskStatus,
} from "../../src/index.js";
import { suspend } from "../../src/lowlevel.js";

function* square(x: number): Operation<number> {
  yield* checkpoint();
  return x * x;
}

expectTypeOf(run(() => square(2))).toEqualTypeOf<Promise<number>>();
expectTypeOf(
  run(function* () {
    yield* sleep(10);
    return "inferred";
  }),
).toEqualTypeOf<Promise<string>>();

export function* forms(): Operation<void> {
  expectTypeOf(yield* square(2)).toBeNumber();
  expectTypeOf(yield* fromPromise(Promise.resolve("a"))).toBeString();
  expectTypeOf(yield* abortable(async (signal) => signal.aborted)).toBeBoolean();
  expectTypeOf(yield* suspend<string>(() => () => "withdrawn", "nothing")).toBeString();
  expectTypeOf(yield* new Lock().hold(square, 2)).toBeNumber();
  expectTypeOf(yield* named("square", square)(2)).toBeNumber();

  const moved = yield* moveOnAfter(10, () => square(2));
  expectTypeOf(moved).toEqualTypeOf<ScopeResult<number>>();
  // Without a look at cancelledCaught the value may be undefined.
  expectTypeOf(moved.value).toEqualTypeOf<number | undefined>();
  if (!moved.cancelledCaught) expectTypeOf(moved.value).toEqualTypeOf<number>();
  expectTypeOf(yield* failAfter(10, () => square(2))).toBeNumber();
  expectTypeOf(yield* new CancelScope().run((scope) => square(scope.deadline))).toEqualTypeOf<
    ScopeResult<number>
  >();

  // The scope is the first parameter, the arguments come after it.
  yield* moveOnAfter(
    10,
    function* (scope, a, b) {
      expectTypeOf(scope).toEqualTypeOf<CancelScope>();
      expectTypeOf(a).toBeNumber();
      expectTypeOf(b).toBeString();
    },
    1,
    "b",
  );

  const value = yield* openNursery(function* (nursery) {
    const task = nursery.startSoon(square, 2);
    expectTypeOf(task).toEqualTypeOf<Task<number>>();
    expectTypeOf(task.outcome).toEqualTypeOf<Outcome<number> | undefined>();
    expectTypeOf(yield* task.join()).toBeNumber();
    const port = yield* nursery.start(function* (status: TaskStatus<number>, host: string) {
      status.started(host.length);
      yield* sleepForever();
    }, "localhost");
    expectTypeOf(port).toBeNumber();
    const nothing = yield* nursery.start(function* (status: TaskStatus) {
      status.started();
    });
    expectTypeOf(nothing).toBeVoid();
    return "value";
  });
  expectTypeOf(value).toBeString();

  const [send, receive] = openMemoryChannel<number>(1);
  expectTypeOf(send).toEqualTypeOf<SendChannel<number>>();
  expectTypeOf(receive).toEqualTypeOf<ReceiveChannel<number>>();

  const words = asSafeChannel(function* (put: (word: string) => Operation<void>, times: number) {
    for (let i = 0; i < times; i++) yield* put("word");
  });
  expectTypeOf(words).parameters.toEqualTypeOf<[times: number]>();
  expectTypeOf(
    yield* words(2)(function* (from, factor: number) {
      expectTypeOf(from).toEqualTypeOf<ReceiveChannel<string>>();
      return (yield* from.receive()).length * factor;
    }, 3),
  ).toBeNumber();
  // @ts-expect-error -- the producer's arguments are its own
  words("2");
  expectTypeOf(yield* receive.receive()).toBeNumber();
  // @ts-expect-error -- a value of another type
  yield* send.send("a");

  expectTypeOf(new ContextVar<string>("id").get()).toBeString();
  expectTypeOf(currentTask()).toEqualTypeOf<Task<unknown>>();

  try {
    yield* checkpoint();
  } catch (error) {
    if (isCancelled(error)) {
      expectTypeOf(error).toEqualTypeOf<Cancelled>();
      expectTypeOf(error.cause).toEqualTypeOf<CancelledCause>();
    }
  }

  expectTypeOf(yield* sleepForever()).toBeNever();
}

export function readOnly(scope: CancelScope, task: Task<number>): unknown[] {
  return [
    // @ts-expect-error -- told by the runtime
    () => (scope.cancelledCaught = true),
    // @ts-expect-error -- told by the runtime
    () => (scope.cancelCalled = true),
    // @ts-expect-error -- told by the runtime
    () => (task.outcome = undefined),
    // @ts-expect-error -- a boolean is wanted
    () => (scope.shield = 1),
    // @ts-expect-error -- at most some of these options
    () => new CancelScope({ timeout: 10 }),
  ];
}
