import { failure, success } from "@trestle/host";
import { getRunningLoop, LoopClosedError, until, type EventLoop, type Future } from "@trestle/loop";
import type { Executor } from "../executor.js";
import type { HostCall, HostFunctions } from "../host-call.js";
import { hostFunction } from "../host-functions.js";
import type { JobOptions } from "../job.js";
import { sharedThreads } from "../shared-threads.js";
import type { WorkReference } from "../work-reference.js";

/** How a loop has work run in a thread. */
export interface RunInThreadOptions extends Omit<JobOptions, "onHostCall"> {
  /** Whose thread it takes: one that all share unless given. */
  readonly executor?: Executor | undefined;
}

/**
 * Runs work in a thread, and gives a future of what it returns. What the work calls back runs as tasks of this loop.
 *
 * Cancelling the future cancels the job, as `onCancel` says; unless given, one that runs already is waited for, and its value or its error
 * counts. `toThread` of @trestle/loop is the same without options, by the loop's default executor.
 *
 * Source: ours. Flavor: loop.
 *
 * @param work a reference to a function in a module, see `moduleRef`
 * @param args for the function; they are copied
 * @throws NoLoopError; what `submit` throws
 * @example
 * ```ts no-run
 * import { moduleRef } from "@trestle/executor";
 * import { runInThread } from "@trestle/executor/loop";
 * import { run } from "@trestle/loop";
 *
 * const zlib = moduleRef(() => import("node:zlib"), import.meta);
 * await run(async () => {
 *   console.log(await runInThread(zlib.gzipSync, ["some text"], { onCancel: "abandon" }));
 * });
 * ```
 */
export function runInThread<A extends unknown[], T>(
  work: WorkReference<A, T>,
  args: A,
  options: RunInThreadOptions = {},
): Future<T> {
  const loop = getRunningLoop();
  const { executor = sharedThreads(), host, ...rest } = options;
  const job = executor.submit(work, args, {
    ...rest,
    onHostCall: host && ((call) => answerInLoop(loop, host, call)),
  });
  return until(job.wait, `the job '${job.name}' in a thread`);
}

/** Runs what a job calls back as a task of its own. */
function answerInLoop(loop: EventLoop, functions: HostFunctions, call: HostCall): void {
  if (loop.isClosed()) {
    call.answer(failure(new LoopClosedError("call back")));
    return;
  }
  loop.callSoon(() => {
    const task = loop.createTask(async () => hostFunction(functions, call.name)(...call.args));
    task.then(
      (value) => call.answer(success(value)),
      (error: unknown) => call.answer(failure(error)),
    );
  });
}
