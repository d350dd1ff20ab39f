/**
 * Where a call was made, for reports in debug mode: the lines of the stack above a function, with the async functions that wait
 * for each other. Platforms that cannot tell give what they have.
 */
export function stackAbove(fn: object): string {
  const holder: { stack?: string | undefined } = {};
  if (Error.captureStackTrace === undefined) holder.stack = new Error("here").stack;
  else Error.captureStackTrace(holder, fn as () => void);
  return (holder.stack ?? "").replace(/^\w*Error.*(?:\n|$)/u, "");
}
