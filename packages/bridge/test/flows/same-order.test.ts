// Programs made at random of turns, events, tasks, callbacks and crossings, without time: the order of everything is the same on
// the platform's host, which saves hops where it can, and on a virtual one, which has one for each callback.
import { platformHost, type Host } from "@trestle/host";
import { createTask, sleep, type EventLoop } from "@trestle/loop";
import { checkpoint, Event, openNursery, type Nursery, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { asLoop, asStructured, run } from "../../src/index.js";

const SEEDS = 400;
const DEPTH = 4;
const STEPS = 5;

class RandomProgram {
  readonly trace: string[] = [];
  readonly #events = [new Event(), new Event(), new Event()];
  readonly #loop: EventLoop;
  readonly #nursery: Nursery;
  #state: number;
  #names = 0;
  #isOver = false;

  constructor(seed: number, loop: EventLoop, nursery: Nursery) {
    this.#state = (seed * 2_654_435_761) % 4_294_967_296;
    this.#loop = loop;
    this.#nursery = nursery;
  }

  /** The choices are made while it runs: another order makes another program. */
  *structured(depth: number): Operation<void> {
    const name = `s${this.#names++}`;
    for (let step = 0; step < STEPS && !this.#isOver; step++) {
      this.trace.push(`${name}.${step}`);
      const choice = this.#below(depth > 0 ? 8 : 4);
      if (choice === 0) yield* checkpoint();
      else if (choice === 1) this.#loop.callSoon(() => this.trace.push(`${name}.${step} soon`));
      else if (choice === 2) this.#event().set();
      else if (choice === 3) yield* asStructured(sleep)(0);
      else if (choice === 4) yield* asStructured(() => this.loop(depth - 1))();
      else if (choice === 5) this.#nursery.startSoon(() => this.structured(depth - 1));
      else if (choice === 6) void this.#loop.createTask(() => this.loop(depth - 1));
      else yield* asStructured(async () => asLoop(() => this.structured(depth - 1))())();
    }
    this.trace.push(`${name} ends`);
  }

  async loop(depth: number): Promise<void> {
    const name = `l${this.#names++}`;
    for (let step = 0; step < STEPS && !this.#isOver; step++) {
      this.trace.push(`${name}.${step}`);
      const choice = this.#below(depth > 0 ? 9 : 5);
      if (choice === 0) await sleep(0);
      else if (choice === 1) this.#loop.callSoon(() => this.trace.push(`${name}.${step} soon`));
      else if (choice === 2) this.#event().set();
      else if (choice === 3) await Promise.resolve();
      else if (choice === 4) await asLoop(checkpoint)();
      else if (choice === 5) await createTask(() => this.loop(depth - 1));
      else if (choice === 6) await asLoop(() => this.structured(depth - 1))();
      else if (choice === 7) void asLoop(() => this.structured(depth - 1))();
      else await asLoop(() => asStructured(() => this.loop(depth - 1))())();
    }
    this.trace.push(`${name} ends`);
  }

  /** Tells of an event when it comes. */
  *listener(event: Event): Operation<void> {
    const at = this.#events.indexOf(event);
    yield* event.wait();
    this.trace.push(`event ${at}`);
    yield* checkpoint();
    this.trace.push(`after event ${at}`);
  }

  *main(): Operation<void> {
    for (const event of this.#events) this.#nursery.startSoon(() => this.listener(event));
    this.#nursery.startSoon(() => this.structured(DEPTH));
    yield* this.structured(DEPTH);
    for (const event of this.#events) event.set();
    // What was started and left would find the nursery closed.
    this.#isOver = true;
  }

  #below(n: number): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((this.#state / 4_294_967_296) * n);
  }

  #event(): Event {
    return this.#events[this.#below(this.#events.length)] as Event;
  }
}

async function traceOf(seed: number, host: Host): Promise<readonly string[]> {
  let trace: readonly string[] = [];
  await run(
    (loop) =>
      openNursery(function* (nursery) {
        const program = new RandomProgram(seed, loop, nursery);
        ({ trace } = program);
        yield* program.main();
      }),
    { host },
  );
  return trace;
}

/** The platform's host with a clock that stands: the time that things take ends the turns of runs sooner or later. */
function timelessHost(): Host {
  const host = platformHost();
  return {
    now: () => 0,
    soon: (callback) => host.soon(callback),
    admitsMicrotask: (besides) => host.admitsMicrotask?.(besides) ?? false,
    quiet: () => host.quiet?.(),
    at: (when, callback) => host.at(when, callback),
    hold: (what, options) => host.hold(what, options),
  };
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))("program %i", async (seed) => {
  const expected = await traceOf(seed, new VirtualHost());
  expect(await traceOf(seed, timelessHost())).toEqual(expected);
});
