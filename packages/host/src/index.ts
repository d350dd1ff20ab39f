export { ArgumentError } from "./argument-error.js";
export { DeadlockError } from "./deadlock-error.js";
export { describe } from "./describe.js";
export { ExceptionGroup } from "./exception-group.js";
export { ExitError, exitErrorIn } from "./exit-error.js";
export { housekeepingTimer } from "./housekeeping-timer.js";
export type { HoldOptions, Host, Release, Timer, WatchedParty } from "./host.js";
export { InternalError } from "./internal-error.js";
export { reportDeadlock } from "./node-host.js";
export { failure, success, unwrap, type Failure, type Outcome, type Success } from "./outcome.js";
export { platformHost } from "./platform-host.js";
export { processWide } from "./process-wide.js";
export {
  asSignalClaim,
  asSignalFallback,
  hasOtherListeners,
  isSignalClaimed,
  type SignalListeners,
} from "./signal-claims.js";
export { TimerQueue, type TimerEntry } from "./timer-queue.js";
export { TrestleError } from "./trestle-error.js";
export { VersionMismatchError } from "./version-mismatch-error.js";
export type { Abort, Abortion, Wait } from "./wait.js";
export { WrongFlavorError } from "./wrong-flavor-error.js";
