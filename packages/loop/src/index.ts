export { abortable } from "./abortable.js";
export { allTasks } from "./all-tasks.js";
export {
  asCompleted,
  type AsCompletedOptions,
  type Completion,
  type FutureOf,
} from "./as-completed.js";
export { Barrier } from "./barrier.js";
export { BoundedSemaphore } from "./bounded-semaphore.js";
export { BrokenBarrierError } from "./broken-barrier-error.js";
export { CancelledError } from "./cancelled-error.js";
export { Condition, type ConditionOptions } from "./condition.js";
export type { ContextCallee } from "./context-call.js";
export { createTask } from "./create-task.js";
export { currentSignal } from "./current-signal.js";
export {
  currentLoop,
  currentTask,
  getRunningLoop,
  setRunningLoop,
  withoutCurrentTask,
} from "./current.js";
export {
  DefaultEventLoopPolicy,
  getEventLoopPolicy,
  setEventLoopPolicy,
  type EventLoopPolicy,
} from "./event-loop-policy.js";
export { ensureFuture, isFuture, type Work } from "./ensure-future.js";
export { EventLoop, type EventLoopOptions } from "./event-loop.js";
export { Event } from "./event.js";
export { ExecutorShutDownError } from "./executor-shut-down-error.js";
export type { ExceptionContext, ExceptionHandler } from "./exception-context.js";
export type {
  BlockingOptions,
  ExecutorLayer,
  ExecutorPending,
  ExecutorShutdown,
  ExecutorWork,
  LoopExecutor,
} from "./executor-layer.js";
export { Future, type ContextOption, type FutureOptions } from "./future.js";
export { getEventLoop, newEventLoop, setEventLoop } from "./get-event-loop.js";
export { gather, type Gathered, type GatherOptions } from "./gather.js";
export type { Handle, TimerHandle } from "./handle.js";
export type { Compare } from "./heap.js";
export type { Held } from "./hold.js";
export { InterruptedError } from "./interrupted-error.js";
export { InvalidStateError } from "./invalid-state-error.js";
export type {
  Command,
  Descriptor,
  DescriptorWatch,
  DescriptorWatcher,
  Direction,
  IoLayer,
  Subprocess,
  SubprocessOptions,
  SubprocessPipe,
} from "./io-layer.js";
export { LayerMissingError } from "./layer-missing-error.js";
export { LifoQueue } from "./lifo-queue.js";
export { Lock } from "./lock.js";
export { LoopClosedError } from "./loop-closed-error.js";
export type { LoopFunction } from "./loop-function.js";
export { LoopRunningError } from "./loop-running-error.js";
export { LoopStoppedError } from "./loop-stopped-error.js";
export { NoLoopError } from "./no-loop-error.js";
export { NoTaskError } from "./no-task-error.js";
export { PriorityQueue, type PriorityQueueOptions } from "./priority-queue.js";
export { QueueEmpty, QueueFull, QueueShutDown } from "./queue-errors.js";
export { Queue, type QueueStore, type ShutdownOptions } from "./queue.js";
export { runCoroutineThreadsafe, type ThreadsafeCall } from "./run-coroutine-threadsafe.js";
export type { LoopLayers } from "./plugged-event-loop.js";
export { run } from "./run.js";
export { Runner, type RunnerOptions } from "./runner.js";
export { SelfAwaitError } from "./self-await-error.js";
export { Semaphore } from "./semaphore.js";
export { shield } from "./shield.js";
export type { SignalOption } from "./signal-option.js";
export { sleep } from "./sleep.js";
export type {
  ReadPipeTransport,
  SubprocessProtocol,
  SubprocessTransport,
  WritePipeTransport,
} from "./subprocess-protocol.js";
export { TaskGroupClosedError } from "./task-group-closed-error.js";
export { taskGroup, type TaskGroup } from "./task-group.js";
export {
  createEagerTaskFactory,
  eagerTaskFactory,
  type TaskClass,
  type TaskFactory,
} from "./task-factory.js";
export type { TaskCall, TaskOptions } from "./task-options.js";
export { Task } from "./task.js";
export {
  threadsafeCaller,
  type ArgumentsOf,
  type PostedCall,
  type ThreadsafeHandlers,
  type ThreadsafePort,
} from "./threadsafe-port.js";
export { TimeoutError } from "./timeout-error.js";
export { timeout, timeoutAt, type Timeout } from "./timeout.js";
export { toThread } from "./to-thread.js";
export { until } from "./until.js";
export { waitFor } from "./wait-for.js";
export { wait, type ReturnWhen, type Waited, type WaitOptions } from "./wait.js";
export { whenDone } from "./when-done.js";
export { WrongLoopError } from "./wrong-loop-error.js";
