import type { TrestleError } from "@trestle/host";
import type { Future } from "./future.js";
import { SelfAwaitError } from "./self-await-error.js";
import type { TaskRun } from "./task-run.js";
import { WrongLoopError } from "./wrong-loop-error.js";

/** Why a task may not await a pending future: it would never wake, or not in its own loop. */
export function awaitRefusal(
  run: TaskRun | undefined,
  future: Future<unknown>,
): TrestleError | undefined {
  if (run === undefined) return undefined;
  if ((run.task as unknown) === future) return new SelfAwaitError(future.describe());
  if (run.loop === future.loop) return undefined;
  return new WrongLoopError(`await ${future.describe()} in ${run.task.describe()}`);
}
