const NS_PER_MS = 1e6;

/** Nanoseconds since some instant; what two calls differ by took that long. */
export function nanoseconds(): number {
  return performance.now() * NS_PER_MS;
}

/** How long some asynchronous work takes, in nanoseconds. */
export async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const start = nanoseconds();
  await work();
  return nanoseconds() - start;
}
