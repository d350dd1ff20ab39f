export { abortable } from "./abortable.js";
export { BlockReusedError } from "./block-reused-error.js";
export type { Body } from "./block.js";
export {
  CancelScope,
  currentEffectiveDeadline,
  type CancelScopeOptions,
  type ScopeResult,
} from "./cancel-scope.js";
export {
  Cancelled,
  CancelledConstructorError,
  isCancelled,
  type CancelCause,
  type CancelledCause,
} from "./cancelled.js";
export {
  openMemoryChannel,
  ReceiveChannel,
  SendChannel,
  type ChannelStatistics,
} from "./channel.js";
export { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "./checkpoint.js";
export { ContextToken, ContextVar } from "./context-var.js";
export { currentTask, inStructuredTask } from "./current-task.js";
export { fromPromise } from "./from-promise.js";
export { SelfJoinError, TaskCancelledError } from "./join.js";
export { named } from "./named.js";
export { NoRunError } from "./no-run-error.js";
export { NurseryClosedError } from "./nursery-closed-error.js";
export { openNursery, type Nursery } from "./nursery.js";
export type { Operation, OperationIterator, StructuredFunction, Suspended } from "./operation.js";
export { run, type RunOptions } from "./run.js";
export { ScopeLeftOpenError } from "./scope-left-open-error.js";
export { ScopeReusedError } from "./scope-reused-error.js";
export { currentTime, sleep, sleepForever, sleepUntil } from "./sleep.js";
export { AlreadyStartedError, NotStartedError, type TaskStatus } from "./start.js";
export { CapacityLimiter, type CapacityLimiterStatistics } from "./sync/capacity-limiter.js";
export { Event, type EventStatistics } from "./sync/event.js";
export { Lock, type LockStatistics } from "./sync/lock.js";
export {
  BrokenResourceError,
  ClosedResourceError,
  EndOfChannel,
  ReleaseError,
  RelockError,
  WouldBlock,
} from "./sync/resource-errors.js";
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from "./sync/semaphore.js";
export { TaskBusyError } from "./task-busy-error.js";
export type { Task } from "./task.js";
export { UnsetVariableError } from "./unset-variable-error.js";
export {
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  ScopeCancelledError,
  TooSlowError,
} from "./timeouts.js";
