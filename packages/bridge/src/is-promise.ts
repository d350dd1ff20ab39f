/** Whether a value is a promise or its like, and no operation: these answer an await with an error, and have a 'then' for that. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function" &&
    !(Symbol.iterator in value)
  );
}
