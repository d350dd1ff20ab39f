export { abortable } from "./interop/abortable.js";
export { asyncDispose, type Closeable } from "./interop/async-dispose.js";
export { BlockReusedError } from "./block-reused-error.js";
export type { Body } from "./block.js";
export { CancelScope } from "./cancel-scope.js";
export type { CancelScopeOptions, ScopeResult } from "./scope-options.js";
export {
  Cancelled,
  CancelledConstructorError,
  isCancelled,
  type CancelCause,
  type CancelledCause,
} from "./cancelled.js";
export { openMemoryChannel } from "./channel/channel.js";
export type { ChannelStatistics } from "./channel/channel-state.js";
export { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "./checkpoint.js";
export { Clock } from "./run/clock.js";
export { ContextToken, ContextVar } from "./context-var.js";
export { currentRootTask, inStructuredRun } from "./run/current-run.js";
export { currentTask, inStructuredTask } from "./current-task.js";
export { eachOf, type Items } from "./interop/each-of.js";
export {
  EventChannel,
  openEventChannel,
  type EventChannelOptions,
} from "./interop/event-channel.js";
export type { EventChannelStatistics, EventOverflow } from "./interop/event-queue.js";
export type {
  EmitterLike,
  EventEndings,
  EventSource,
  EventTargetLike,
} from "./interop/event-source.js";
export { currentEffectiveDeadline } from "./effective-deadline.js";
export { fromPromise } from "./interop/from-promise.js";
export type { Instrument } from "./instrument.js";
export { SelfJoinError, TaskCancelledError } from "./join.js";
export { main } from "./run/main.js";
export { moveOnAbort } from "./interop/move-on-abort.js";
export { named } from "./named.js";
export { NoProcessError } from "./run/no-process-error.js";
export { NoRunError } from "./no-run-error.js";
export { NurseryClosedError } from "./nursery-closed-error.js";
export { openNursery, type Nursery } from "./nursery.js";
export type { Operation, OperationIterator, StructuredFunction, Suspended } from "./operation.js";
export { PromiseCancelledError } from "./interop/promise-cancelled-error.js";
export { RunCancelledError } from "./run/run-cancelled-error.js";
export { RunCrashedError } from "./run/run-crashed-error.js";
export { RunFinishedError } from "./run/run-finished-error.js";
export type { RunOptions } from "./run/run-options.js";
export { RunVar, RunVarToken } from "./run/run-variable.js";
export { run } from "./run/run.js";
export { ReceiveChannel } from "./channel/receive-channel.js";
export { asSafeChannel, type Producer, type SafeChannel } from "./channel/safe-channel.js";
export { ScopeLeftOpenError } from "./scope-left-open-error.js";
export { ScopeReusedError } from "./scope-reused-error.js";
export { SendChannel } from "./channel/send-channel.js";
export { SignalReceivedError } from "./run/signal-received-error.js";
export { scopeSignal } from "./interop/scope-signal.js";
export { currentTime, sleep, sleepForever, sleepUntil } from "./sleep.js";
export { AlreadyStartedError, NotStartedError, type TaskStatus } from "./start.js";
export { CapacityLimiter, type CapacityLimiterStatistics } from "./sync/capacity-limiter.js";
export { Condition, type ConditionStatistics } from "./sync/condition.js";
export { Event, type EventStatistics } from "./sync/event.js";
export { Lock, type LockStatistics } from "./sync/lock.js";
export {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  EndOfChannel,
  LockNotHeldError,
  ReleaseError,
  RelockError,
  WouldBlock,
} from "./sync/resource-errors.js";
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from "./sync/semaphore.js";
export { StrictFIFOLock } from "./sync/strict-fifo-lock.js";
export { TaskBusyError } from "./task-busy-error.js";
export type { Task } from "./task.js";
export { tracePlaces } from "./trace-places.js";
export { UnsetVariableError } from "./unset-variable-error.js";
export {
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  ScopeCancelledError,
  TooSlowError,
} from "./timeouts.js";
export { using, type Opening } from "./interop/using.js";
export { waitEvent } from "./interop/wait-event.js";
