export { allowLoop, type MixedFunction, type MixedOperation } from "./allow-loop.js";
export { asLoop, type LoopFacesOf } from "./as-loop.js";
export {
  asStructured,
  type CallOf,
  type CallOptions,
  type CrossingOptions,
  type FacesOf,
} from "./as-structured.js";
export { awaitFuture } from "./await-future.js";
export { BaseStructuredEventLoop } from "./base-structured-event-loop.js";
export type { Closable, Closing, HasDescriptor } from "./closers.js";
export { currentFlavor, type Flavor } from "./current-flavor.js";
export { currentLoop } from "./current-loop.js";
export { TrestleDeprecationWarning } from "./deprecation-warning.js";
export type { Holding, Iteration } from "./from-loop.js";
export type { LoopHolding } from "./from-structured.js";
export { HostedLoopError } from "./hosted-loop-error.js";
export { iterate } from "./iterate.js";
export { IterationHandle } from "./iteration-handle.js";
export { LoopFailure } from "./loop-failure.js";
export type { LoopOptions } from "./loop-options.js";
export { LoopQueueFullError } from "./loop-queue-full-error.js";
export type { AnyLoopBlock, EnterExit, LoopBlockForm } from "./loop-resource.js";
export { newEventLoop } from "./new-event-loop.js";
export { NoHostedLoopError } from "./no-hosted-loop-error.js";
export { openLoop } from "./open-loop.js";
export type { OpenResource } from "./opened-resource.js";
export { runAsync } from "./run-async.js";
export { runInLoop, type RunInLoopOptions } from "./run-in-loop.js";
export { runStructuredTask } from "./run-structured-task.js";
export { runStructured } from "./run-structured.js";
export { run } from "./run.js";
export { ShutdownError } from "./shutdown-error.js";
export type { StructuredEventLoop } from "./structured-event-loop.js";
export { SyncLoop, type SyncLoopOptions } from "./sync-loop.js";
export type {
  AnyStructuredBlock,
  StructuredBlockForm,
  StructuredCloseable,
  StructuredEach,
  StructuredEnterExit,
  StructuredReceive,
} from "./structured-source.js";
