import { processWide } from "@trestle/host";
import { ThreadExecutor } from "./thread-executor.js";

const shared = processWide<{ executor: ThreadExecutor | undefined }>(
  "@trestle/executor/threads",
  1,
  () => ({ executor: undefined }),
);

/** The threads for jobs that name no executor. There is no limit but those of the callers; idle threads end by themselves. */
export function sharedThreads(): ThreadExecutor {
  return (shared.executor ??= new ThreadExecutor({ maxWorkers: Number.POSITIVE_INFINITY }));
}
