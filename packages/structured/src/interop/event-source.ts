// Whoever emits events: Node's EventEmitters and all that looks like one, and EventTargets. Both are known by their methods,
// so that nothing of Node or of the DOM is imported.
import { ArgumentError, describe, type Release } from "@trestle/host";

/** What is used of an EventEmitter. */
export interface EmitterLike {
  on(event: string | symbol, listener: (...args: unknown[]) => void): unknown;
  off(event: string | symbol, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of an EventTarget. */
export interface EventTargetLike {
  addEventListener(event: string, listener: (event: unknown) => void): void;
  removeEventListener(event: string, listener: (event: unknown) => void): void;
}

/** Something that emits events. What has the methods of both kinds is taken for an EventEmitter. */
export type EventSource = EmitterLike | EventTargetLike;

/** Which events end the waiting for another one. */
export interface EventEndings {
  /** Events that are failures; `["error"]` unless given for an EventEmitter, none for an EventTarget. */
  readonly breakOn?: readonly string[];
  /** Events after which no more will come; none unless given. */
  readonly endOn?: readonly string[];
}

/** Who is told of what was emitted. */
export interface EventListeners {
  emitted(args: unknown[]): void;
  /** One of the events that are failures came. */
  broken(args: unknown[], event: string): void;
  /** One of the events after which no more will come did. */
  ended(event: string): void;
}

/** Listeners that are added to a source, once, and taken away together. */
export class Listening {
  readonly #source: EventSource;
  readonly #event: string | symbol;
  readonly #releases: Release[] = [];
  #isStopped = false;

  /**
   * @param action what the events are for, for errors: "wait for an event"
   * @throws ArgumentError for what emits no events, and for no event's name
   */
  constructor(source: EventSource, event: string | symbol, action: string) {
    if (!isEmitter(source) && !isEventTarget(source)) {
      throw new ArgumentError(
        `Cannot ${action} of ${describe(source)}: an EventEmitter or an EventTarget is wanted.`,
      );
    }
    if (typeof event !== "string" && (typeof event !== "symbol" || !isEmitter(source))) {
      throw new ArgumentError(
        `Cannot ${action} that is called ${describe(event)}: the name of an event is wanted.`,
      );
    }
    this.#source = source;
    this.#event = event;
  }

  /** Listens to the event, and to those that end it. Where one listener cannot be added, none is. */
  start(endings: EventEndings, listeners: EventListeners): void {
    const breakOn = endings.breakOn ?? (isEmitter(this.#source) ? ["error"] : []);
    try {
      this.#add(this.#event, (args) => listeners.emitted(args));
      for (const name of breakOn) {
        if (name !== this.#event) this.#add(name, (args) => listeners.broken(args, name));
      }
      for (const name of endings.endOn ?? []) this.#add(name, () => listeners.ended(name));
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Takes all listeners away. */
  stop(): void {
    this.#isStopped = true;
    for (const release of this.#releases.splice(0)) release();
  }

  /** What is waited for, for reports. */
  toString(): string {
    return `event '${String(this.#event)}' of ${describe(this.#source)}`;
  }

  // Adding one listener may make another one hear something, and be the end of all of them.
  #add(name: string | symbol, emitted: (args: unknown[]) => void): void {
    if (this.#isStopped) return;
    const source = this.#source;
    const listener = (...args: unknown[]): void => {
      if (!this.#isStopped) emitted(args);
    };
    if (isEmitter(source)) {
      source.on(name, listener);
      this.#releases.push(() => void source.off(name, listener));
    } else {
      source.addEventListener(name as string, listener);
      this.#releases.push(() => source.removeEventListener(name as string, listener));
    }
    if (this.#isStopped) this.stop();
  }
}

function isEmitter(source: unknown): source is EmitterLike {
  const { on, off } = (source ?? {}) as Partial<EmitterLike>;
  return typeof on === "function" && typeof off === "function";
}

function isEventTarget(source: unknown): source is EventTargetLike {
  const { addEventListener, removeEventListener } = (source ?? {}) as Partial<EventTargetLike>;
  return typeof addEventListener === "function" && typeof removeEventListener === "function";
}
