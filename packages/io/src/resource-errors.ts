// What can be wrong with a descriptor that is in somebody's hands. The structured runtime has classes of the same names and
// codes, and either side's `instanceof` takes the other's: a leaf knows no runtime.
import { TrestleError } from "@trestle/host";

/** The descriptor was closed on this side: by the caller, or by somebody else while the caller waited. */
export class ClosedResourceError extends TrestleError {
  static override readonly code = "TRESTLE_CLOSED_RESOURCE";

  constructor(action: string) {
    super("ClosedResourceError", new.target.code, `Cannot ${action}: it has been closed here.`);
  }
}

/** The descriptor is of no use any more: the other side has gone, or the operating system says so. */
export class BrokenResourceError extends TrestleError {
  static override readonly code = "TRESTLE_BROKEN_RESOURCE";

  constructor(action: string, why: string, options?: ErrorOptions) {
    super("BrokenResourceError", new.target.code, `Cannot ${action}: ${why}.`, options);
  }
}

/** Somebody else does the same with the descriptor at the moment, and only one can. */
export class BusyResourceError extends TrestleError {
  static override readonly code = "TRESTLE_BUSY_RESOURCE";

  constructor(action: string) {
    super(
      "BusyResourceError",
      new.target.code,
      `Cannot ${action}: somebody else does so at the moment.\nLet one task do it, or take turns with a lock.`,
    );
  }
}
