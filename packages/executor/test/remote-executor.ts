// Stands for an executor of other machines: it has the jobs run here, and takes no option that means nothing there.
import { InlineExecutor, type InlineWork } from "../src/inline-executor.js";
import type { Job, JobOptions } from "../src/job.js";

export class RemoteExecutor extends InlineExecutor {
  override submit<A extends unknown[], T>(
    work: InlineWork<A, T>,
    args: A,
    options: JobOptions = {},
  ): Job<T> {
    const local = (["host", "onHostCall", "limiter"] as const).find(
      (name) => options[name] !== undefined,
    );
    if (local !== undefined) throw new Error(`'${local}' is refused`);
    return super.submit(work, args, options);
  }
}
