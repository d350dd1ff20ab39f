// The end of a process whose task was cancelled, or has failed: by the user's own function, or as it is usual. In a shielded scope.
import { ExceptionGroup } from "@trestle/host";
import { CancelScope, isCancelled, type Operation } from "@trestle/structured";
import { callStructured, currentHost, suspend } from "@trestle/structured/lowlevel";
import type { Child } from "../process/child.js";
import { endChild, killChildAfter } from "../process/end-child.js";
import type { Process } from "./process.js";

/** What ends a process that was cancelled. */
export type DeliverCancel = (process: Process) => Operation<unknown>;

/** Why a process is to end, and how. */
export interface Delivery {
  readonly error: unknown;
  readonly deliverCancel: DeliverCancel | undefined;
}

/** Ends the process, and gives what is to be thrown: the error, or that of the user's function where it was cancelled. */
export function* deliverCancelTo(
  process: Process,
  child: Child,
  { error, deliverCancel }: Delivery,
): Operation<unknown> {
  const { gracePeriod } = child.traits;
  const host = currentHost();
  const what = `the end of ${child.description}`;
  if (deliverCancel === undefined) {
    yield* suspend(endChild(child, host, gracePeriod), what);
    return error;
  }
  const failed = yield* runUntilEnded(process, child, deliverCancel);
  const grace = failed === undefined ? gracePeriod : 0;
  yield* suspend(killChildAfter(child, host, grace), what);
  if (failed === undefined) return error;
  if (isCancelled(error)) return failed.error;
  return new ExceptionGroup("an error, and one of 'deliverCancel' after it", [error, failed.error]);
}

/** Runs the user's function while the process runs, and gives what it failed with. */
function* runUntilEnded(
  process: Process,
  child: Child,
  deliverCancel: DeliverCancel,
): Operation<{ readonly error: unknown } | undefined> {
  if (child.returnCode !== undefined) return undefined;
  const scope = new CancelScope({ name: "deliverCancel" });
  child.whenEnded(() => scope.cancel("the process has ended"));
  try {
    yield* scope.run(() => callStructured(deliverCancel, [process], "deliver a cancellation"));
    return undefined;
  } catch (error) {
    return { error };
  }
}
