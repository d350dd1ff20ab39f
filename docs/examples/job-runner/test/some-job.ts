import type { Job } from "../src/job.js";

/** A job that needs nothing, has all the time, and is tried once; or what of that a test wants to be different. */
export function someJob(name: string, differences: Partial<Job> = {}): Job {
  const conditions = { name, needs: [], timeout: Infinity, retries: 0, grace: 100 };
  return { ...conditions, kind: "command", command: ["true"], ...differences } as Job;
}
