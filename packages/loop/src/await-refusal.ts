import type { TrestleError } from "@trestle/host";
import type { FutureCore } from "./future-core.js";
import { SelfAwaitError } from "./self-await-error.js";
import type { TaskRun } from "./task-run.js";
import { WrongLoopError } from "./wrong-loop-error.js";

/** Why a task may not await a pending future: it would never wake, or not in its own loop. */
export function awaitRefusal(run: TaskRun, core: FutureCore): TrestleError | undefined {
  if (core.state !== "pending") return undefined;
  if (run.task === core.future) return new SelfAwaitError(core.future.describe());
  if (run.loop === core.loop.place.loop) return undefined;
  return new WrongLoopError(`await ${core.future.describe()} in ${run.task.describe()}`);
}
