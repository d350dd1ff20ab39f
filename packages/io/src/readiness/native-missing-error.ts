import { TrestleError } from "@trestle/host";

/** Something was asked that only the native part of this package can do, and it could not be loaded. */
export class NativeMissingError extends TrestleError {
  static override readonly code = "TRESTLE_NATIVE_MISSING";

  constructor(action: string, why: string) {
    super(
      "NativeMissingError",
      new.target.code,
      `Cannot ${action}: that takes the native part of @trestle/io, and ${why}.\n` +
        "There is one for Node and Bun on Linux, on x64 and arm64; elsewhere it is built from the package's sources. On Node, reading works without it.",
    );
  }
}
