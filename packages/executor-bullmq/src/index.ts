export { BullExecutor, type BullExecutorOptions } from "./bull-executor.js";
export type { BullJobOptions, RetryOptions } from "./bull-job-options.js";
export { BullWorker, type BullWorkerOptions, type BullWorkerShutdown } from "./bull-worker.js";
export { JobLostError } from "./job-lost-error.js";
export { JobNotAcceptedError } from "./job-not-accepted-error.js";
export type { SharedModules } from "./module-names.js";
export { PayloadError } from "./payload-error.js";
export type { BullQueueOptions } from "./queue-options.js";
