// Programs made at random of everything that crosses, nested in each other, with failures, deadlines and cancellations at any
// moment: each comes to its end, with its own errors only, with no task left, and with everything closed that was opened.
import { ExceptionGroup } from "@trestle/host";
import { allTasks, CancelledError, sleep, taskGroup, timeout, TimeoutError } from "@trestle/loop";
import {
  CancelScope,
  openNursery,
  sleep as structuredSleep,
  type Operation,
} from "@trestle/structured";
import { expect, test } from "vitest";
import { asLoop, asStructured } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

const SEEDS = 300;
const DEPTH = 5;

class Expected extends Error {}

class RandomProgram {
  open = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761) % 4_294_967_296;
  }

  below(n: number): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((this.#state / 4_294_967_296) * n);
  }

  structured(depth: number): () => Operation<unknown> {
    const ms = this.below(6);
    const [inner, inLoop] =
      depth > 0 ? [this.structured(depth - 1), this.loop(depth - 1)] : [undefined, undefined];
    if (inner === undefined || inLoop === undefined) {
      return [
        () => structuredSleep(ms),
        () => asStructured(sleep)(ms),
        () => this.#mayFail(() => structuredSleep(ms)),
      ][this.below(3)] as () => Operation<unknown>;
    }
    const shield = this.below(5) === 0;
    const relativeDeadline = this.below(12);
    return [
      () => new CancelScope({ relativeDeadline, shield }).run(inner),
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(inner);
          yield* asStructured(inLoop)();
        }),
      () =>
        asStructured({
          enter: async () => {
            await sleep(ms);
            this.open++;
          },
          exit: async () => {
            this.open--;
            await sleep(ms);
          },
        }).hold(inner),
      () =>
        asStructured({ hold: taskGroup }).hold(function* (group) {
          void group.createTask(inLoop);
          yield* inner();
        }),
      () =>
        asStructured({
          hold: (body: () => PromiseLike<never>) => timeout(relativeDeadline, body),
        }).hold(inner),
      () => asStructured(() => this.#items(ms, inLoop))().each(inner),
    ][this.below(6)] as () => Operation<unknown>;
  }

  loop(depth: number): () => Promise<unknown> {
    const ms = this.below(6);
    const [inner, inStructured] =
      depth > 0 ? [this.loop(depth - 1), this.structured(depth - 1)] : [undefined, undefined];
    if (inner === undefined || inStructured === undefined) {
      return [async () => sleep(ms), async () => asLoop(structuredSleep)(ms)][
        this.below(2)
      ] as () => Promise<unknown>;
    }
    const isLeft = this.below(3) === 0;
    return [
      async () => timeout(ms + 5, inner),
      async () => asLoop(inStructured)(),
      async () =>
        asLoop({ hold: openNursery }).hold(async (nursery) => {
          nursery.startSoon(inStructured);
          await inner();
        }),
      async () => {
        await using nursery = await asLoop({ hold: openNursery }).open();
        nursery.value.startSoon(inStructured);
        await inner();
      },
      async () => {
        await using held = await asLoop({
          enter: () => this.#entering(ms),
          exit: () => this.#leaving(ms),
        }).open();
        await inner();
        return held;
      },
      async () => {
        const source = asLoop({
          each: (send: (n: number) => Operation<void>) => this.#source(inStructured, send),
        });
        for await (const _ of source) {
          await inner();
          if (isLeft) break;
        }
      },
    ][this.below(6)] as () => Promise<unknown>;
  }

  *#mayFail(operation: () => Operation<void>): Operation<void> {
    if (this.below(6) === 0) throw new Expected("at random");
    yield* operation();
  }

  async *#items(ms: number, step: () => Promise<unknown>): AsyncGenerator<number> {
    this.open++;
    try {
      for (let n = 0; n < 3; n++) {
        await step();
        yield n;
      }
    } finally {
      this.open--;
      await sleep(ms);
    }
  }

  *#source(step: () => Operation<unknown>, send: (n: number) => Operation<void>): Operation<void> {
    this.open++;
    try {
      for (let n = 0; n < 3; n++) {
        yield* step();
        yield* send(n);
      }
    } finally {
      this.open--;
    }
  }

  *#entering(ms: number): Operation<void> {
    yield* structuredSleep(ms);
    this.open++;
  }

  *#leaving(ms: number): Operation<void> {
    this.open--;
    yield* structuredSleep(ms);
  }
}

function unexpected(error: unknown): unknown[] {
  if (error instanceof ExceptionGroup) return error.errors.flatMap(unexpected);
  // What 'await using' throws.
  if (error instanceof Error && error.name === "SuppressedError") {
    const { error: own, suppressed } = error as SuppressedError;
    return [own, suppressed].flatMap(unexpected);
  }
  const isExpected =
    error instanceof Expected || error instanceof TimeoutError || error instanceof CancelledError;
  return isExpected ? [] : [error];
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))("program %i", async (seed) => {
  const { run } = virtualBridge();
  const program = new RandomProgram(seed);
  const main = program.structured(DEPTH);
  let left = -1;
  try {
    await run(
      function* (loop) {
        for (let i = 0; i < 2; i++) {
          loop.callLater(program.below(30), () => {
            const tasks = [...allTasks(loop)];
            tasks[program.below(tasks.length)]?.cancel("at random");
          });
        }
        const scope = new CancelScope({ relativeDeadline: program.below(30) });
        try {
          yield* scope.run(main);
        } finally {
          left = allTasks(loop).size;
        }
      },
      { seed },
    );
  } catch (error) {
    expect(unexpected(error)).toEqual([]);
  }
  expect([left, program.open]).toEqual([0, 0]);
});
