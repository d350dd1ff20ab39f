import { ArgumentError, describe } from "@trestle/host";
import { requireRun } from "../ambient.js";
import type { RunState } from "./run-state.js";
import { UnsetVariableError } from "../unset-variable-error.js";

/**
 * What a `set` of a RunVar replaced, to be put back by `reset`.
 *
 * Source: Trio's RunVarToken. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run, RunVar } from "@trestle/structured";
 *
 * const cache = new RunVar<Map<string, string>>("cache");
 *
 * await run(function* () {
 *   const token = cache.set(new Map());
 *   cache.reset(token);
 * });
 * ```
 */
export class RunVarToken {
  readonly #variable: object;
  readonly #run: RunState;
  readonly #previous: { readonly value: unknown } | undefined;
  #isUsed = false;

  /** @internal */
  constructor(variable: object, run: RunState, previous: { readonly value: unknown } | undefined) {
    this.#variable = variable;
    this.#run = run;
    this.#previous = previous;
  }

  /** @internal */
  take(variable: object, run: RunState): { readonly value: unknown } | undefined {
    if (this.#variable !== variable) throw wrongToken("is that of another variable");
    if (this.#run !== run) throw wrongToken("is that of another run");
    if (this.#isUsed) throw wrongToken("has been used");
    this.#isUsed = true;
    return this.#previous;
  }
}

function wrongToken(why: string): ArgumentError {
  return new ArgumentError(`Cannot reset the variable: the token ${why}.`);
}

/**
 * A variable of which each run has its own value, shared by all tasks of the run: a cache, a pool, a counter, that are not to
 * be shared by two runs of one process.
 *
 * Source: Trio. Flavor: structured; also in the callbacks of `runSoon` and of `currentHost()`.
 *
 * @example
 * ```ts
 * import { run, RunVar } from "@trestle/structured";
 *
 * const requests = new RunVar<number>("requests", { defaultValue: 0 });
 * await run(function* () {
 *   requests.set(requests.get() + 1);
 *   console.log(requests.get()); // 1, in each run
 * });
 * ```
 */
export class RunVar<T> {
  /** The name, for errors. */
  readonly name: string;
  readonly #default: { readonly value: T } | undefined;

  constructor(name: string, options: { readonly defaultValue?: T } = {}) {
    if (typeof name !== "string")
      throw new ArgumentError(`Cannot name a variable ${describe(name)}: a string is wanted.`);
    this.name = name;
    this.#default = "defaultValue" in options ? { value: options.defaultValue } : undefined;
  }

  /**
   * Gives the value in this run, else `fallback`, else the default.
   *
   * @throws UnsetVariableError where there is none of them; NoRunError outside of a run
   */
  get(...fallback: [] | [fallback: T]): T {
    const run = requireRun(`get the variable '${this.name}'`);
    const found =
      this.#lookUp(run) ?? (fallback.length > 0 ? { value: fallback[0] as T } : this.#default);
    if (found === undefined) throw new UnsetVariableError(this.name);
    return found.value;
  }

  /** Sets the value in this run, for all of its tasks. @throws NoRunError outside of a run */
  set(value: T): RunVarToken {
    const run = requireRun(`set the variable '${this.name}'`);
    const token = new RunVarToken(this, run, this.#lookUp(run));
    (run.values ??= new Map()).set(this, value);
    return token;
  }

  /** Puts back what a `set` replaced. @throws ArgumentError for a token that was used, or is another variable's or run's */
  reset(token: RunVarToken): void {
    const run = requireRun(`reset the variable '${this.name}'`);
    if (!(token instanceof RunVarToken)) throw wrongToken(`is ${describe(token)}`);
    const previous = token.take(this, run);
    if (previous === undefined) run.values?.delete(this);
    else (run.values ??= new Map()).set(this, previous.value);
  }

  #lookUp(run: RunState): { readonly value: T } | undefined {
    return run.values?.has(this) ? { value: run.values.get(this) as T } : undefined;
  }
}
