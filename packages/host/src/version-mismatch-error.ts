import { TrestleError } from "./trestle-error.js";

/** Two copies of a package are loaded whose state of the process has different shapes. */
export class VersionMismatchError extends TrestleError {
  static override readonly code = "TRESTLE_VERSION_MISMATCH";

  constructor(name: string, wanted: number, found: number) {
    super(
      "VersionMismatchError",
      new.target.code,
      `Cannot use '${name}': two copies of it are loaded that do not fit together (state version ${wanted} here, ` +
        `${found} in the copy loaded first).\nMake the package manager install one version: 'npm ls ${name}' shows who asks for which.`,
    );
  }
}
