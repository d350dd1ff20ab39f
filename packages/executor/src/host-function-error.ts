import { TrestleError } from "@trestle/host";

/** A job called back what it cannot: a function that it was not given, or one that would wait for the thread that waits for it. */
export class HostFunctionError extends TrestleError {
  static override readonly code = "TRESTLE_HOST_FUNCTION";

  constructor(name: string, why: string, advice: string) {
    super(
      "HostFunctionError",
      new.target.code,
      `Cannot call '${name}' from a job: ${why}.\n${advice}`,
    );
  }
}
