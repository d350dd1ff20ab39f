// How the work of a job is done. Cancelled, a process and a thread end alike: they are asked to, have the grace of their job, and then
// are made to. The task goes on when they are gone.
import path from "node:path";
import { using, type Operation } from "trestle";
import { moduleRef, runSync, ThreadExecutor, type Executor } from "trestle/executor";
import { runProcess } from "trestle/io";
import type { Perform } from "./attempt.js";
import type { Job } from "./job.js";

/** More of what a process writes makes its job fail, in bytes. */
const LONGEST_OUTPUT = 2 ** 24;

/** A reference to the module, with its types: the functions run in threads, and it is not loaded here. */
const work = moduleRef(() => import("./work.js"), import.meta);

/**
 * Runs a body with a function that does jobs. The threads have ended when it has.
 *
 * @param folder what the files of jobs are relative to, and where commands begin
 * @param threads how many there may be
 */
export function withThreads<T>(
  folder: string,
  threads: number,
  body: (perform: Perform) => Operation<T>,
): Operation<T> {
  return using(new ThreadExecutor({ maxWorkers: threads }), (executor) =>
    body(performerOf(folder, executor)),
  );
}

/** Makes the function that does a job, and gives what is to be told of it. */
export function performerOf(folder: string, executor: Executor): Perform {
  const inFolder = (file: string): string => path.resolve(folder, file);

  return function* perform(job: Job): Operation<string> {
    const onCancel = { terminateAfterMs: job.grace };
    const options = { executor, onCancel };
    switch (job.kind) {
      case "command":
        return yield* runCommand(job.command, { cwd: folder, gracePeriod: job.grace });
      case "primes": {
        const count = yield* runSync(work.countPrimes, [job.limit], options);
        return `${count} primes up to ${job.limit}`;
      }
      case "hash":
        return `sha256 ${yield* runSync(work.hashFile, [inFolder(job.file)], options)}`;
      case "compress": {
        const files: [string, string] = [inFolder(job.file), inFolder(job.into)];
        const { before, after } = yield* runSync(work.compressFile, files, options);
        return `${before} bytes became ${after}`;
      }
    }
  };
}

/** Runs a command, and gives the last line that it has written. */
function* runCommand(
  command: readonly string[],
  options: { readonly cwd: string; readonly gracePeriod: number },
): Operation<string> {
  const { stdout } = yield* runProcess(command, {
    ...options,
    captureStdout: true,
    captureLimit: LONGEST_OUTPUT,
    stderr: "stdout",
    // Whatever it has started ends with it. And Ctrl-C on a terminal is for this program, which ends its jobs.
    processGroup: true,
  });
  return new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) ?? "";
}
