export {
  assertCheckpoints,
  assertNoCheckpoints,
  CheckpointError,
} from "./testing/assert-checkpoints.js";
export {
  cancelAtEachCheckpoint,
  InjectionError,
  type InjectionOptions,
} from "./testing/cancel-at-each-checkpoint.js";
export {
  CancellationFindingsError,
  type CancellationFinding,
  type CancellationReport,
} from "./testing/cancellation-report.js";
export type { CancellationWatch, Takeable } from "./testing/cancellation-watch.js";
export { checkHalfCloseableStream } from "./testing/check-half-closeable-stream.js";
export { checkOneWayStream } from "./testing/check-one-way-stream.js";
export { checkTwoWayStream } from "./testing/check-two-way-stream.js";
export { lockstepStreamOneWayPair, lockstepStreamPair } from "./testing/lockstep-stream-pair.js";
export {
  MemoryReceiveStream,
  type MemoryReceiveStreamHooks,
} from "./testing/memory-receive-stream.js";
export { MemorySendStream, type MemorySendStreamHooks } from "./testing/memory-send-stream.js";
export {
  memoryStreamOneWayPair,
  memoryStreamPair,
  type MemoryStream,
} from "./testing/memory-stream-pair.js";
export { memoryStreamPump, type MemoryStreamPumpOptions } from "./testing/memory-stream-pump.js";
export { MockClock, type MockClockOptions } from "./testing/mock-clock.js";
export { Sequencer, SequencerError } from "./testing/sequencer.js";
export type { StreamMaker } from "./testing/stream-rule.js";
export { StreamRuleError } from "./testing/stream-rule-error.js";
export { SeedError, underSeeds } from "./testing/under-seeds.js";
export { waitAllTasksBlocked } from "./testing/wait-all-tasks-blocked.js";
