// What the loop flavor has for resources, and how each is entered and left, by one call.
import { ArgumentError, describe, WrongFlavorError } from "@trestle/host";

/** A resource with a beginning and an end of its own. */
export interface EnterExit<V> {
  /** Opens it, and gives what is used. */
  enter(): PromiseLike<V> | V;
  /**
   * Closes it; called with the error of what was done with it, if that failed. The error goes on, unless `exit` gives true.
   */
  exit(error?: unknown): unknown;
}

/** A block form: it opens something, runs the body with it, and closes it. */
export interface LoopBlockForm<V> {
  hold(body: (value: V) => PromiseLike<never>): PromiseLike<unknown>;
}

/** Any block form: that of a lock gives its body nothing. */
export interface AnyLoopBlock {
  hold(body: () => PromiseLike<never>): PromiseLike<unknown>;
}

/** Who says what comes out in the end: a block form itself; or else the body, unless the exit gives true or fails. */
export type Saying = "block" | "body";

/** The body, as a resource runs it: it waits for structured code. */
export type Inside = (value: unknown, saying: Saying) => Promise<unknown>;

/**
 * Enters a resource, runs what is inside, and leaves the resource, whatever happened; gives the value of a block form, or of an
 * exit. It is to be called in a task of a loop.
 */
export async function passThrough(resource: unknown, inside: Inside): Promise<unknown> {
  const hold = methodOf(resource, "hold");
  if (hold !== undefined) return throughBlock(resource, hold, inside);
  const [enter, exit] = [methodOf(resource, "enter"), methodOf(resource, "exit")];
  if (enter !== undefined && exit !== undefined) {
    const value = await ofLoop(enter.call(resource), resource, "enter");
    return untilExit(value, inside, (args) => ofLoop(exit.apply(resource, args), resource, "exit"));
  }
  const dispose = methodOf(resource, Symbol.asyncDispose);
  if (dispose !== undefined) {
    return untilExit(resource, inside, async () => {
      await dispose.call(resource);
    });
  }
  throw new ArgumentError(
    `Cannot hold ${describe(resource)}: it is no resource.\nGive an object with 'enter' and 'exit', one with 'hold(body)', or one that 'await using' takes.`,
  );
}

/** Whether there is a way to enter and leave a value. */
export function isLoopResource(value: unknown): value is object {
  return (
    methodOf(value, "hold") !== undefined ||
    (methodOf(value, "enter") !== undefined && methodOf(value, "exit") !== undefined) ||
    methodOf(value, Symbol.asyncDispose) !== undefined
  );
}

type Method = (...args: unknown[]) => unknown;

/** A method of an object; also where the engine does not know the symbol that is its name. */
export function methodOf(value: unknown, name: string | symbol | undefined): Method | undefined {
  if (typeof value !== "object" || value === null || name === undefined) return undefined;
  const method = (value as { readonly [key: string | symbol]: unknown })[name];
  return typeof method === "function" ? (method as Method) : undefined;
}

async function throughBlock(resource: unknown, hold: Method, inside: Inside): Promise<unknown> {
  let isInside = false;
  const body = (given: unknown): Promise<unknown> => {
    isInside = true;
    return inside(given, "block");
  };
  const value: unknown = await ofLoop(hold.call(resource, body), resource, "hold");
  if (isInside) return value;
  throw new ArgumentError(
    `Cannot hold ${describe(resource)}: its 'hold' has ended and not called the body.`,
  );
}

async function untilExit(
  value: unknown,
  inside: Inside,
  exit: (args: [] | [error: unknown]) => Promise<unknown>,
): Promise<unknown> {
  let args: [] | [error: unknown] = [];
  try {
    await inside(value, "body");
  } catch (error) {
    args = [error];
  }
  return exit(args);
}

/** Waits for what a method gave, which an operation would let pass at once. */
async function ofLoop(given: unknown, resource: unknown, method: string): Promise<unknown> {
  if (isOperation(given)) {
    throw new WrongFlavorError(
      `Cannot hold ${describe(resource)}: its '${method}' gives an operation, so it is structured already.\nUse it without 'asStructured'.`,
    );
  }
  return given;
}

/** Tells an operation from an array and its like, which a method may well give: a generator, or what refuses to be awaited. */
function isOperation(given: unknown): boolean {
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) return false;
  return "next" in given || "then" in given;
}
