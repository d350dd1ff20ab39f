// Tasks whose end breaks parking lots. A registration is one of those who are told of the task's end, and is found again there.
import { ArgumentError, describe } from "@trestle/host";
import { ENDED } from "../phase.js";
import type { EndWatcher } from "../task-parties.js";
import type { TaskRecord } from "../task-record.js";
import type { Task } from "../task.js";
import { ParkingLot, recordOf } from "./parking-lot.js";
import { BrokenResourceError } from "./resource-errors.js";

class Breaker implements EndWatcher {
  before: EndWatcher | null = null;
  after: EndWatcher | null = null;
  readonly lot: ParkingLot;

  constructor(lot: ParkingLot) {
    this.lot = lot;
  }

  taskEnded(task: TaskRecord): void {
    this.lot.breakLot(task);
  }
}

/**
 * Lets the end of a task break a parking lot, with the task for its breaker. A pair may be added several times; each time needs
 * its own removal.
 *
 * It waits for nothing. Source: Trio's `add_parking_lot_breaker`. Flavor: structured.
 *
 * @throws BrokenResourceError where the task has ended already; ArgumentError for what is no task or no lot
 * @example
 * ```ts
 * import { currentTask, run } from "@trestle/structured";
 * import {
 *   addParkingLotBreaker,
 *   ParkingLot,
 *   removeParkingLotBreaker,
 * } from "@trestle/structured/lowlevel";
 *
 * const lot = new ParkingLot();
 * await run(function* () {
 *   addParkingLotBreaker(currentTask(), lot);
 *   // Who parks here now is told if this task ends.
 *   removeParkingLotBreaker(currentTask(), lot);
 * });
 * ```
 */
export function addParkingLotBreaker(task: Task<unknown>, lot: ParkingLot): void {
  const record = recordOf(task, "add a breaker of a parking lot");
  requireLot(lot);
  if (record.phase === ENDED) {
    throw new BrokenResourceError(
      "add a breaker of a parking lot",
      `task '${record.name}' has ended already`,
    );
  }
  record.watch(new Breaker(lot));
}

/**
 * Takes back what `addParkingLotBreaker` has done once: the end of the task no longer breaks the lot.
 *
 * It waits for nothing. Source: Trio's `remove_parking_lot_breaker`. Flavor: structured.
 *
 * @throws ArgumentError where the pair was not added, or was removed already; for what is no task or no lot
 * @example
 * ```ts
 * import type { Operation, Task } from "@trestle/structured";
 * import {
 *   addParkingLotBreaker,
 *   removeParkingLotBreaker,
 *   type ParkingLot,
 * } from "@trestle/structured/lowlevel";
 *
 * function* dependOn(task: Task<unknown>, lot: ParkingLot): Operation<void> {
 *   addParkingLotBreaker(task, lot);
 *   try {
 *     yield* lot.park();
 *   } finally {
 *     if (task.outcome === undefined) removeParkingLotBreaker(task, lot);
 *   }
 * }
 * ```
 */
export function removeParkingLotBreaker(task: Task<unknown>, lot: ParkingLot): void {
  const record = recordOf(task, "remove a breaker of a parking lot");
  requireLot(lot);
  for (let watcher = record.firstWatcher; watcher !== null; watcher = watcher.after) {
    if (!(watcher instanceof Breaker) || watcher.lot !== lot) continue;
    record.unwatch(watcher);
    return;
  }
  throw new ArgumentError(
    `Cannot remove task '${record.name}' as a breaker of the parking lot: it is none, or has ended.`,
  );
}

function requireLot(lot: unknown): void {
  if (lot instanceof ParkingLot) return;
  throw new ArgumentError(`Cannot tell whose end breaks ${describe(lot)}: a ParkingLot is wanted.`);
}
