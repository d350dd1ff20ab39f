export { asLoop } from "./as-loop.js";
export { asStructured, type CrossingOptions } from "./as-structured.js";
export { awaitFuture } from "./await-future.js";
export { currentLoop } from "./current-loop.js";
export { LoopFailure } from "./loop-failure.js";
export { NoHostedLoopError } from "./no-hosted-loop-error.js";
export { openLoop } from "./open-loop.js";
export { run } from "./run.js";
export type { StructuredEventLoop } from "./structured-event-loop.js";
