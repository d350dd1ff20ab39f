import {
  Event,
  Lock,
  openMemoryChannel,
  Semaphore,
  type ReceiveChannel,
  type SendChannel,
} from "@trestle/structured";
import type { Program } from "./program.js";

/** The two ends of a channel. */
export type Channel = [send: SendChannel<string>, receive: ReceiveChannel<string>];

/** The events, channels, locks and semaphores that a program declares, by id. */
export class Declarations {
  readonly #events: ReadonlyMap<string, Event>;
  readonly #locks: ReadonlyMap<string, Lock>;
  readonly #semaphores: ReadonlyMap<string, Semaphore>;
  readonly #channels: ReadonlyMap<string, Channel>;

  constructor({ events = [], locks = [], semaphores = {}, channels = {} }: Program) {
    this.#events = new Map(events.map((id) => [id, new Event()]));
    this.#locks = new Map(locks.map((id) => [id, new Lock()]));
    this.#semaphores = mapValues(semaphores, (value) => new Semaphore(value));
    this.#channels = mapValues(channels, (capacity) => openMemoryChannel<string>(capacity));
  }

  event(id: string): Event {
    return found(this.#events, id, "event");
  }

  lock(id: string): Lock {
    return found(this.#locks, id, "lock");
  }

  semaphore(id: string): Semaphore {
    return found(this.#semaphores, id, "semaphore");
  }

  channel(id: string): Channel {
    return found(this.#channels, id, "channel");
  }
}

function found<T>(items: ReadonlyMap<string, T>, id: string, kind: string): T {
  const item = items.get(id);
  if (item !== undefined) return item;
  throw new Error(`Cannot use the ${kind} "${id}": the program declares none of that id.`);
}

function mapValues<T>(
  values: Readonly<Record<string, number>>,
  make: (value: number) => T,
): Map<string, T> {
  return new Map(Object.entries(values).map(([id, value]) => [id, make(value)]));
}
