export { JobCancelledError } from "./job-cancelled-error.js";
export { checkCancelled } from "./worker/check-cancelled.js";
export { expose } from "./worker/expose.js";
export { fromThread } from "./worker/from-thread.js";
export { jobSignal } from "./worker/job-signal.js";
export { transfer } from "./worker/transfer.js";
