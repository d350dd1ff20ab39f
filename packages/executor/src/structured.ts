export { runSync, toThread, type RunSyncOptions } from "./structured/run-sync.js";
export {
  StructuredExecutor,
  type StructuredExecutorOptions,
} from "./structured/structured-executor.js";
export { structuredThreads, type StructuredThreads } from "./structured/structured-threads.js";
export { currentDefaultThreadLimiter, type ThreadLimiter } from "./structured/thread-limiter.js";
