export { addInstrument, removeInstrument } from "./add-instrument.js";
export { currentHost } from "./current-host.js";
export { callStructured } from "./operation-of.js";
export { currentRunStatistics, type RunStatistics } from "./run/run-statistics.js";
export { currentRunToken, type RunToken } from "./run/run-token.js";
export { suspend } from "./suspend.js";
export { addParkingLotBreaker, removeParkingLotBreaker } from "./sync/parking-lot-breaker.js";
export { ParkingLot, type ParkingLotStatistics } from "./sync/parking-lot.js";
export { spawnSystemTask } from "./run/system-tasks.js";
