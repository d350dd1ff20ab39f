// What is to be closed with a loop: file descriptors, servers, sockets, anything that can be closed.
import { ArgumentError, describe } from "@trestle/host";
import type { EventLoop, LoopFunction } from "@trestle/loop";

/** Something that has a file descriptor. */
export type HasDescriptor = { readonly fd: number } | { fileno(): number };

/** Something that says itself how it is closed. The first of these that it has is called. */
export type Closable = AsyncDisposable | Disposable | { close(): unknown } | { destroy(): unknown };

/** What can be closed with a loop. */
export type Closing = number | HasDescriptor | Closable;

type Close = () => unknown;

/** Those that are to be closed, the last one first. */
export class Closers {
  readonly #loop: EventLoop;
  readonly #closeDescriptor: ((descriptor: number) => unknown) | undefined;
  readonly #closes = new Map<unknown, Close>();

  constructor(loop: EventLoop, closeDescriptor: ((descriptor: number) => unknown) | undefined) {
    this.#loop = loop;
    this.#closeDescriptor = closeDescriptor;
  }

  /** What is to be closed still, described. */
  get left(): string[] {
    return [...this.#closes.keys()].map((key) => `the closing of ${describe(key)}`);
  }

  /** Adds something; what is there already stays as it is. Throws ArgumentError for what nobody can close. */
  add(resource: unknown, close: ((resource: never) => unknown) | undefined): void {
    const key = keyOf(resource);
    if (this.#closes.has(key)) return;
    this.#closes.set(
      key,
      close === undefined
        ? this.#closeOf(key)
        : () => (close as (resource: unknown) => unknown)(resource),
    );
  }

  /** Takes something out. Throws ArgumentError where it is not there. */
  remove(resource: unknown): void {
    if (this.#closes.delete(keyOf(resource))) return;
    throw new ArgumentError(
      `Cannot keep ${describe(resource)} open: it is not to be closed with this loop.\nGive what was given to 'autoclose'.`,
    );
  }

  /** The one that is to be closed next, as a function for a task of the loop; undefined where all are closed. */
  take(): LoopFunction<[], unknown> | undefined {
    const last = [...this.#closes].at(-1);
    if (last === undefined) return undefined;
    const [key, close] = last;
    this.#closes.delete(key);
    return named(`the closing of ${describe(key)}`, async () => close());
  }

  /** Closes all without waiting for any; gives the errors of those that fail at once. */
  closeAtOnce(): unknown[] {
    const errors: unknown[] = [];
    for (const close of [...this.#closes.values()].reverse()) {
      try {
        const closed = this.#loop.enter(close);
        // Nobody waits for it any more: the report has named it.
        if (isThenable(closed)) closed.then(undefined, () => {});
      } catch (error) {
        errors.push(error);
      }
    }
    this.#closes.clear();
    return errors;
  }

  #closeOf(key: unknown): Close {
    if (typeof key === "number") return this.#closeNumber(key);
    const close = CALLS.find((call) => isObject(key) && typeof key[call] === "function");
    if (close === undefined) {
      throw new ArgumentError(
        `Cannot close ${describe(key)} with the loop: it has no 'close'.\nSay how: 'loop.autoclose(resource, (resource) => ...)'.`,
      );
    }
    return () => (key as Record<PropertyKey, () => unknown>)[close]?.();
  }

  #closeNumber(descriptor: number): Close {
    const closeDescriptor = this.#closeDescriptor;
    if (closeDescriptor === undefined) {
      throw new ArgumentError(
        `Cannot close descriptor ${descriptor} with the loop: nothing here can close descriptors.\n` +
          "Say how: 'loop.autoclose(descriptor, closeSync)', or open the loop with 'closeDescriptor'.",
      );
    }
    return () => closeDescriptor(descriptor);
  }
}

const CALLS = [Symbol.asyncDispose, Symbol.dispose, "close", "destroy"] as const;

/** What a thing is known by: a descriptor by its number, wherever it comes from; something that can be closed by itself. */
function keyOf(resource: unknown): unknown {
  const key =
    isObject(resource) && !isClosable(resource) ? (descriptorOf(resource) ?? resource) : resource;
  if (isObject(key) || (Number.isSafeInteger(key) && (key as number) >= 0)) return key;
  throw new ArgumentError(
    `Cannot close ${describe(resource)} with the loop: a file descriptor or something with a 'close' is wanted.`,
  );
}

function isClosable(resource: Record<PropertyKey, unknown>): boolean {
  return CALLS.some((call) => typeof resource[call] === "function");
}

function descriptorOf(resource: Record<PropertyKey, unknown>): unknown {
  return typeof resource["fileno"] === "function" ? resource["fileno"]() : resource["fd"];
}

function named<F extends object>(name: string, fn: F): F {
  return Object.defineProperty(fn, "name", { value: name });
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value["then"] === "function";
}
