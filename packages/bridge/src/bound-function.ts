/**
 * Gives a function with its object bound, under its own name: so a wrapper can stand where a method does. Without an object it
 * is the function itself.
 */
export function boundFunction<F extends (...args: never[]) => unknown>(fn: F, object: unknown): F {
  if (object === undefined) return fn;
  const bound = fn.bind(object) as F;
  Object.defineProperty(bound, "name", { value: fn.name });
  return bound;
}
