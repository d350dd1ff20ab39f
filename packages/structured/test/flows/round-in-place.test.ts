// A task that is alone at its checkpoint has its round done in place (docs/decisions/007). Nobody may be able to tell: random
// programs leave the same trace whether it is done or not.
import { describe, expect, test, vi } from "vitest";
import {
  CancelScope,
  cancelShieldedCheckpoint,
  checkpoint,
  currentTime,
  Event,
  isCancelled,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  sleep,
  sleepUntil,
  type Nursery,
  type Operation,
} from "../../src/index.js";
import { Runner } from "../../src/runner.js";
import { virtualRun } from "../virtual-run.js";

/** Gives whole numbers below a bound, the same for the same seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Step = (nursery: Nursery, log: (message: string) => void) => Operation<unknown>;

/** A random program of a few tasks, which share events, scopes and a channel. It ends: everything is under one deadline. */
class RandomProgram {
  readonly #next: (below: number) => number;
  readonly #events = [new Event(), new Event()] as const;
  readonly #scopes = [new CancelScope(), new CancelScope()] as const;
  readonly #channel = openMemoryChannel<string>(1);
  #tasks = 0;

  constructor(seed: number) {
    this.#next = numbers(seed);
  }

  *run(log: (message: string) => void): Operation<void> {
    yield* moveOnAfter(20, () =>
      openNursery((nursery) => {
        const tasks = Array.from({ length: 1 + this.#next(3) }, () => this.#task(2));
        for (const task of tasks) nursery.startSoon(task, nursery, log);
        return this.#task(2)(nursery, log);
      }),
    );
    log("end");
  }

  #task(depth: number): Step {
    const name = `t${this.#tasks++}`;
    const steps = Array.from({ length: 2 + this.#next(5) }, () => this.#step(depth));
    return function* (nursery, log) {
      try {
        for (const [index, step] of steps.entries()) {
          yield* step(nursery, log);
          log(`${name}.${index}`);
        }
      } catch (error) {
        log(`${name} ${isCancelled(error) ? "cancelled" : "failed"}`);
        throw error;
      }
    };
  }

  #step(depth: number): Step {
    const which = this.#next(2) as 0 | 1;
    const ms = this.#next(4);
    const event = this.#events[which];
    const scope = this.#scopes[which];
    const [send, receive] = this.#channel;
    const inner = depth > 0 ? this.#task(depth - 1) : checkpoint;
    const steps: readonly Step[] = [
      checkpoint,
      checkpoint,
      checkpoint,
      cancelShieldedCheckpoint,
      () => sleep(ms),
      () => sleepUntil(currentTime()),
      () => event.wait(),
      () => send.send("value"),
      () => receive.receive(),
      function* () {
        event.set();
      },
      function* () {
        scope.cancel();
      },
      function* () {
        scope.deadline = currentTime() + ms - 1;
      },
      (nursery, log) => moveOnAfter(ms, () => inner(nursery, log)),
      (nursery, log) =>
        scope.cancelCalled ? checkpoint() : this.#once(scope, inner, nursery, log),
      function* (nursery, log) {
        nursery.startSoon(inner, nursery, log);
      },
      (_nursery, log) => openNursery((opened) => inner(opened, log)),
    ];
    return steps[this.#next(steps.length)] as Step;
  }

  readonly #entered = new Set<CancelScope>();

  #once(
    scope: CancelScope,
    body: Step,
    nursery: Nursery,
    log: (message: string) => void,
  ): Operation<unknown> {
    if (this.#entered.has(scope)) return checkpoint();
    this.#entered.add(scope);
    return scope.run(() => body(nursery, log));
  }
}

async function traceOf(seed: number): Promise<unknown> {
  const { run, trace, log } = virtualRun();
  await run(() => new RandomProgram(seed).run(log));
  return trace.entries;
}

describe("a round in place cannot be told from one in the queue", () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  test("by any of 300 random programs", async () => {
    const inPlace = await Promise.all(seeds.map(traceOf));
    const never = vi.spyOn(Runner.prototype, "roundInPlace").mockReturnValue(false);
    const queued = await Promise.all(seeds.map(traceOf));
    expect(never).toHaveBeenCalled();
    for (const seed of seeds)
      expect({ seed, trace: inPlace[seed] }).toEqual({ seed, trace: queued[seed] });
  });
});
