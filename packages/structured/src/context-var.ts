import { ArgumentError, describe } from "@trestle/host";
import { ambient, requireTask } from "./ambient.js";
import { UnsetVariableError } from "./unset-variable-error.js";

/** The variables of a task. A map is never changed once a task has it, so a child takes its parent's by reference. */
export type Variables = ReadonlyMap<object, unknown>;

/**
 * What a `set` replaced, to be put back by `reset`.
 *
 * Source: Python's `contextvars.Token`. Flavor: structured.
 *
 * @example
 * ```ts
 * import { ContextVar, run } from "@trestle/structured";
 *
 * const user = new ContextVar<string>("user");
 *
 * await run(function* () {
 *   const token = user.set("Ann");
 *   user.reset(token);
 * });
 * ```
 */
export class ContextToken {
  readonly #variable: object;
  readonly #previous: { readonly value: unknown } | undefined;
  #used = false;

  /** @internal */
  constructor(variable: object, previous: { readonly value: unknown } | undefined) {
    this.#variable = variable;
    this.#previous = previous;
  }

  /** @internal */
  take(variable: object): { readonly value: unknown } | undefined {
    if (this.#variable !== variable || this.#used) {
      throw new ArgumentError(
        `Cannot reset the variable: the token ${this.#used ? "has been used" : "is that of another variable"}.`,
      );
    }
    this.#used = true;
    return this.#previous;
  }
}

/**
 * A variable of which each task has its own value. A child starts with the values of the task that started it; what it sets
 * is seen by itself and by the children that it starts afterwards.
 *
 * Source: Python's contextvars, as Trio uses them. Flavor: structured.
 *
 * @example
 * ```ts
 * import { ContextVar, run } from "@trestle/structured";
 *
 * const requestId = new ContextVar<string>("requestId", { defaultValue: "none" });
 * await run(function* () {
 *   requestId.set("r-1");
 *   console.log(requestId.get()); // "r-1"
 * });
 * ```
 */
export class ContextVar<T> {
  /** The name, for errors. */
  readonly name: string;
  readonly #default: { readonly value: T } | undefined;

  constructor(name: string, options: { readonly defaultValue?: T } = {}) {
    if (typeof name !== "string")
      throw new ArgumentError(`Cannot name a variable ${describe(name)}: a string is wanted.`);
    this.name = name;
    this.#default = "defaultValue" in options ? { value: options.defaultValue } : undefined;
  }

  /** Gives the value in this task, else the default; outside of tasks too. @throws UnsetVariableError where there is neither */
  get(): T {
    const variables = currentVariables();
    const value = variables?.get(this);
    if (value !== undefined || variables?.has(this)) return value as T;
    if (this.#default === undefined) throw new UnsetVariableError(this.name);
    return this.#default.value;
  }

  /** Sets the value in this task. @throws NoRunError outside of a task */
  set(value: T): ContextToken {
    const variables = currentVariables();
    const previous = variables?.has(this) ? { value: variables.get(this) } : undefined;
    const token = new ContextToken(this, previous);
    this.#put({ value });
    return token;
  }

  /** Puts back what a `set` replaced. @throws ArgumentError for a token that was used, or is another variable's */
  reset(token: ContextToken): void {
    this.#put(token.take(this) as { readonly value: T } | undefined);
  }

  #put(entry: { readonly value: T } | undefined): void {
    const task = requireTask(`set the variable '${this.name}'`);
    const variables = new Map(task.variables);
    if (entry === undefined) variables.delete(this);
    else variables.set(this, entry.value);
    task.variables = variables;
  }
}

function currentVariables(): Variables | undefined {
  return ambient.task === undefined ? ambient.carried?.() : ambient.task.variables;
}
