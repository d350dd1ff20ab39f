// The figures of a series of samples. Whatever else runs on the machine only ever adds time, so the minimum is the figure
// that two runs agree on; the median tells how much was added.

/** A series of samples in two figures. */
export interface Summary {
  readonly minimum: number;
  readonly median: number;
}

/** @throws RangeError for no samples */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("Cannot summarize no samples.");
  const sorted = [...samples].sort((a, b) => a - b);
  return { minimum: sorted[0] as number, median: middle(sorted) };
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}
