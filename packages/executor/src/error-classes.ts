// The classes that errors from other threads are given back. They are known by name: the class that threw is another one, in the
// other thread's copy of its module.
import { ArgumentError, describe, ExceptionGroup, processWide } from "@trestle/host";

type ErrorClass = abstract new (...args: never[]) => Error;

const registry = processWide("@trestle/executor/errors", 1, () => ({
  classes: new Map<string, ErrorClass>(),
}));

const builtIn = new Map<string, ErrorClass>(
  [
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    ExceptionGroup,
  ].map((each) => [each.name, each]),
);

/**
 * Lets errors of a class come back from jobs as errors of that class, told by its name. Without it they come back as an Error
 * with the class's name and all their own properties. Those that are built in need no call, and of Trestle's own none does.
 *
 * The constructor is not run: an error that comes back gets the class's prototype and its own properties.
 *
 * Source: ours. Flavor: either. It waits for nothing. The class stays registered for the process.
 *
 * @throws ArgumentError for what is no class of errors, or has no name
 * @example
 * ```ts
 * import { registerErrorClass } from "@trestle/executor";
 *
 * class QuotaError extends Error {
 *   override readonly name = "QuotaError";
 * }
 * registerErrorClass(QuotaError);
 * ```
 */
export function registerErrorClass(errorClass: ErrorClass): void {
  const isClass =
    typeof errorClass === "function" &&
    (errorClass as { prototype?: unknown }).prototype instanceof Error;
  if (!isClass || errorClass.name === "") {
    throw new ArgumentError(
      `Cannot register ${describe(errorClass)}: a class with a name that extends Error is wanted.`,
    );
  }
  registry.classes.set(errorClass.name, errorClass);
}

/** The class of that name, if it is known here. */
export function errorClassOf(name: string): ErrorClass | undefined {
  return registry.classes.get(name) ?? builtIn.get(name);
}
