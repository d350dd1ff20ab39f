// Wrong use is answered in words: a typed error, at the place of the mistake, that names the right call.
import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  abortable,
  CancelScope,
  CapacityLimiter,
  checkpoint,
  ContextVar,
  currentEffectiveDeadline,
  currentTask,
  currentTime,
  Event,
  failAfter,
  failAt,
  fromPromise,
  Lock,
  moveOnAfter,
  moveOnAt,
  NoRunError,
  openMemoryChannel,
  openNursery,
  run as runOn,
  Semaphore,
  sleep,
  sleepForever,
  sleepUntil,
  type Nursery,
  type Operation,
  type Task,
  type TaskStatus,
} from "../../src/index.js";
import { currentHost, suspend } from "../../src/lowlevel.js";
import { groupedErrorsOf, rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

type AnyFunction = () => Operation<unknown>;

const wrongFunctions: readonly (readonly [string, unknown, RegExp])[] = [
  [
    "an async function",
    async () => {},
    /it belongs to the loop flavor\.\nWrap it: 'asStructured\(fn\)' of @trestle\/bridge/,
  ],
  [
    "an async generator function",
    async function* () {},
    /gets it through 'asStructured' of @trestle\/bridge/,
  ],
  [
    "a plain function of a promise",
    () => Promise.resolve(),
    /'yield\* abortable\(\(signal\) => fn\(signal\)\)'/,
  ],
  ["a promise", Promise.resolve(), /Wait for it with 'yield\* fromPromise\(promise\)'/],
  ["a generator object", (function* () {})(), /Give the function itself and its arguments/],
  ["an operation", sleep(1), /Give the function itself and its arguments/],
  ["an array", [sleep, 1], /Give the function itself and its arguments/],
  ["an object", {}, /Give the function itself and its arguments/],
  ["a function that returns nothing", () => {}, /Write it as a generator function/],
  ["a function that returns an array", () => [sleep(1)], /Write it as a generator function/],
  ["a function that returns a string", () => "abc", /Write it as a generator function/],
  ["undefined", undefined, /Give a generator function/],
];

describe.each(wrongFunctions)("%s in the place of a structured function", (_name, wrong, words) => {
  const fn = wrong as AnyFunction;

  test("is refused by run, at the call", () => {
    expect(() => runOn(fn)).toThrow(WrongFlavorError);
    expect(() => runOn(fn)).toThrow(words);
  });

  test("is refused by startSoon, at the call", async () => {
    const { run } = virtualRun();
    await run(() =>
      openNursery(function* (nursery) {
        expect(() => nursery.startSoon(fn)).toThrow(words);
      }),
    );
  });

  test("is refused by start, at the call or where it is run", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      openNursery(function* (nursery) {
        yield* nursery.start(fn);
      });
    const [error] = await groupedErrorsOf(run(main));
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect((error as Error).message).toMatch(words);
  });

  test.each<[string, (body: AnyFunction) => Operation<unknown>]>([
    ["scope.run", (body) => new CancelScope().run(body)],
    ["moveOnAfter", (body) => moveOnAfter(10, body)],
    ["failAfter", (body) => failAfter(10, body)],
    ["lock.hold", (body) => new Lock().hold(body)],
  ])("is refused by %s, where it is run", async (_form, form) => {
    const { run } = virtualRun();
    const error = await rejectionOf(run(() => form(fn)));
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect((error as Error).message).toMatch(words);
  });

  test("is refused by each, for the first value", async () => {
    const { run } = virtualRun();
    const [send, receive] = openMemoryChannel<number>(1);
    send.sendNowait(1);
    const error = await rejectionOf(run(() => receive.each(fn)));
    expect((error as Error).message).toMatch(words);
  });
});

describe("yield without its star", () => {
  const yielding = (value: unknown): AnyFunction =>
    function* (): Generator<unknown, unknown, unknown> {
      return yield value;
    } as unknown as AnyFunction;

  test.each([
    ["a promise", Promise.resolve(), /'yield\* fromPromise\(promise\)'/],
    ["an operation", sleep(1), /by 'yield\*', with the star/],
    ["a call of a generator function", (function* () {})(), /by 'yield\*', with the star/],
    ["a function", sleep, /Call the function/],
    ["nothing", undefined, /'yield\* checkpoint\(\)'/],
  ])("of %s is an error there, with the words to write instead", async (_name, value, words) => {
    const { run } = virtualRun();
    const error = await rejectionOf(run(yielding(value)));
    expect(error).toBeInstanceOf(WrongFlavorError);
    expect((error as Error).message).toMatch(words);
  });
});

describe("outside of a run", () => {
  const [send] = openMemoryChannel<number>(0);
  test.each<[string, () => unknown]>([
    ["currentTime", () => currentTime()],
    ["currentTask", () => currentTask()],
    ["currentEffectiveDeadline", () => currentEffectiveDeadline()],
    ["currentHost", () => currentHost()],
    ["set of a variable", () => new ContextVar("id").set(1)],
    ["acquireNowait of a lock", () => new Lock().acquireNowait()],
    ["acquireNowait of a limiter", () => new CapacityLimiter(1).acquireNowait()],
    ["release of a limiter", () => new CapacityLimiter(1).release()],
    ["the first step of checkpoint", () => checkpoint()[Symbol.iterator]().next()],
    ["the first step of sleep", () => sleep(10)[Symbol.iterator]().next()],
    ["the first step of sleepForever", () => sleepForever()[Symbol.iterator]().next()],
    [
      "the first step of a nursery",
      () =>
        openNursery(() => checkpoint())
          [Symbol.iterator]()
          .next(),
    ],
    [
      "the first step of a scope",
      () =>
        new CancelScope()
          .run(() => checkpoint())
          [Symbol.iterator]()
          .next(),
    ],
    [
      "the first step of a wait",
      () =>
        suspend(() => () => "withdrawn", "x")
          [Symbol.iterator]()
          .next(),
    ],
    ["the first step of an event's wait", () => new Event().wait()[Symbol.iterator]().next()],
    ["the first step of a send", () => send.send(1)[Symbol.iterator]().next()],
    [
      "the first step of fromPromise",
      () => fromPromise(Promise.resolve())[Symbol.iterator]().next(),
    ],
    [
      "the first step of abortable",
      () =>
        abortable(() => Promise.resolve())
          [Symbol.iterator]()
          .next(),
    ],
  ])("%s says that there is no task, and how to get one (RUN-21, SCOPE-6, T15)", (_name, use) => {
    expect(use).toThrow(NoRunError);
    expect(use).toThrow(/'run\(function\* \(\) \{ \.\.\. \}\)'; .* 'asLoop' of @trestle\/bridge/);
  });

  test("the first step of join and start says so too, of a task and a nursery that were carried out", async () => {
    const { run } = virtualRun();
    const kept: { task: Task<unknown>; nursery: Nursery }[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        kept.push({ task: currentTask(), nursery });
      }),
    );
    for (const { task, nursery } of kept) {
      const starting = nursery.start((_status: TaskStatus) => checkpoint());
      expect(() => task.join()[Symbol.iterator]().next()).toThrow(NoRunError);
      expect(() => starting[Symbol.iterator]().next()).toThrow(NoRunError);
    }
    expect(kept).toHaveLength(1);
  });
});

describe("a time that is none", () => {
  const body = (): Operation<void> => checkpoint();
  const durations: readonly (readonly [string, (ms: number) => unknown])[] = [
    ["sleep", (ms) => sleep(ms)],
    ["moveOnAfter", (ms) => moveOnAfter(ms, body)],
    ["failAfter", (ms) => failAfter(ms, body)],
    ["a relative deadline", (ms) => new CancelScope({ relativeDeadline: ms })],
  ];
  const instants: readonly (readonly [string, (at: number) => unknown])[] = [
    ["sleepUntil", (at) => sleepUntil(at)],
    ["moveOnAt", (at) => moveOnAt(at, body)],
    ["failAt", (at) => failAt(at, body)],
    ["a deadline", (at) => new CancelScope({ deadline: at })],
  ];

  test.each([...durations, ...instants])(
    "is refused by %s, at the call: NaN, and what is no number",
    (_name, use) => {
      for (const wrong of [Number.NaN, "10", null, 10n, {}]) {
        expect(() => use(wrong as number)).toThrow(ArgumentError);
      }
    },
  );

  test.each(durations)("is refused by %s where it is negative", (_name, use) => {
    expect(() => use(-1)).toThrow(ArgumentError);
    expect(() => use(-1)).toThrow(/-1 \(number\).*\n.*0 or more/);
  });
});

describe("a count that is none", () => {
  test.each<[string, (count: number) => unknown]>([
    ["Semaphore", (count) => new Semaphore(count)],
    ["CapacityLimiter", (count) => new CapacityLimiter(count)],
    ["openMemoryChannel", (count) => openMemoryChannel(count)],
  ])("is refused by %s, with its type", (_name, make) => {
    for (const wrong of [-1, 0.5, Number.NaN, "1"])
      expect(() => make(wrong as number)).toThrow(ArgumentError);
    expect(() => make("1" as unknown as number)).toThrow(/"1" \(string\)/);
  });
});
