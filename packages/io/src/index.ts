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
