/** Where a job was submitted: captured at once, and put into words only for an error. */
export interface CallSite {
  readonly stack?: string;
}

/** Captures where the function that is given was called from. */
export function captureCallSite(below: (...args: never[]) => unknown): CallSite {
  const site = {};
  Error.captureStackTrace(site, below);
  return site;
}

/** The lines of a call site, without a heading. */
export function linesOf(site: CallSite | undefined): string | undefined {
  return site?.stack
    ?.split("\n")
    .filter((line) => /^\s+at /u.test(line))
    .join("\n");
}
