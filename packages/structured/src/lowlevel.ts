export { acceptYields } from "./accept-yields.js";
export { addInstrument, removeInstrument } from "./add-instrument.js";
export {
  carryContext,
  contextSnapshot,
  enterContext,
  type ContextSnapshot,
} from "./context-snapshot.js";
export { currentHost } from "./current-host.js";
export { microtaskDoor, type MicrotaskDoor } from "./microtask-door.js";
export { callStructured, requireStructured } from "./operation-of.js";
export type { Suspended } from "./operation.js";
export { outsideOfTask } from "./outside-of-task.js";
export { refusingAwait } from "./refusing-await.js";
export { currentRunStatistics, type RunStatistics } from "./run/run-statistics.js";
export { currentRunToken, type RunToken } from "./run/run-token.js";
export { startWith, type Surroundings } from "./start-with.js";
export { suspend, type ArmedWait, type Waiter, type WaitSource } from "./suspend.js";
export { addParkingLotBreaker, removeParkingLotBreaker } from "./sync/parking-lot-breaker.js";
export { ParkingLot, type ParkingLotStatistics } from "./sync/parking-lot.js";
export { spawnSystemTask } from "./run/system-tasks.js";
export type { YieldHandler } from "./yield-handler.js";
