import { ArgumentError, describe } from "@trestle/host";
import type { ContextOption } from "./future.js";
import type { LoopFunction } from "./loop-function.js";

/** How a task is made. */
export interface TaskOptions extends ContextOption {
  /** For reports and debugging; the function's name unless given. */
  readonly name?: string | undefined;
  /**
   * Whether the function is called at once, inside of `createTask`, and runs until it waits; otherwise it is called in the loop's
   * next iteration. In a loop that does not run it is never called at once.
   */
  readonly eagerStart?: boolean | undefined;
}

/** What `createTask` takes: a function and its arguments, and before them options where there are any. */
export type TaskCall<A extends unknown[], T> =
  | [fn: LoopFunction<A, T>, ...args: A]
  | [options: TaskOptions, fn: LoopFunction<A, T>, ...args: A];

/**
 * Tells the options of a call that makes a task from the function and its arguments; what is neither is left for the task to refuse.
 *
 * @throws ArgumentError for options that no task can be made with
 */
export function splitTaskCall(
  first: unknown,
  rest: unknown[],
): [options: TaskOptions, fn: unknown, args: unknown[]] {
  if (!isOptions(first, rest)) return [{}, first, rest];
  const { name, eagerStart, context } = first;
  check("name", name, "a string", name === undefined || typeof name === "string");
  const isFlag = eagerStart === undefined || typeof eagerStart === "boolean";
  check("eagerStart", eagerStart, "true or false", isFlag);
  const isContext = context === undefined || typeof context?.runInAsyncScope === "function";
  check("context", context, "an AsyncResource of Node's", isContext);
  const [fn, ...args] = rest;
  return [first, fn, args];
}

function isOptions(first: unknown, rest: unknown[]): first is TaskOptions {
  return typeof first === "object" && first !== null && typeof rest[0] === "function";
}

function check(option: string, value: unknown, wanted: string, isRight: boolean): void {
  if (isRight) return;
  throw new ArgumentError(
    `Cannot create a task with ${describe(value)} for '${option}': ${wanted} is wanted.\nGive the options first, and then the function and its arguments.`,
  );
}
