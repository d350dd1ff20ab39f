export { closeDescriptor } from "./descriptor/close-descriptor.js";
export type { Descriptor } from "./readiness/descriptor.js";
export {
  BadDescriptorError,
  DescriptorError,
  NotWatchableError,
} from "./readiness/descriptor-errors.js";
export type { ReadinessStatistics } from "./readiness/interests.js";
export { NativeMissingError } from "./readiness/native-missing-error.js";
export {
  notifyClosing,
  readinessStatistics,
  whenReadable,
  whenWritable,
} from "./readiness/readiness.js";
export { BrokenResourceError, BusyResourceError, ClosedResourceError } from "./resource-errors.js";
export type { ChildErrorPipe, ChildOptions, ChildPipe, OpenFile } from "./process/child-options.js";
export type { Command } from "./process/command.js";
export { CaptureLimitError } from "./process/completion.js";
export { outputSoFar, type OutputSoFar } from "./process/output-so-far.js";
export { ProcessFailedError, type CompletedProcess } from "./process/process-failed-error.js";
export {
  CommandTooLongError,
  ProcessStartError,
  ProgramNotExecutableError,
  ProgramNotFoundError,
  WorkingDirectoryError,
} from "./process/start-errors.js";
export { NoSignalsError } from "./signals/no-signals-error.js";
