import { describe, ExceptionGroup, TrestleError } from "@trestle/host";

/** An attempt to connect that has failed. */
export interface FailedAttempt {
  /** The address, as it is shown: "127.0.0.1:80". */
  readonly to: string;
  readonly error: unknown;
}

/**
 * No connection came about. Where addresses were tried, the cause is an ExceptionGroup of what each one failed with; where
 * there were none to try, it is the error of the lookup.
 */
export class ConnectError extends TrestleError {
  static override readonly code = "TRESTLE_CONNECT";

  constructor(to: string, why: string, options?: ErrorOptions) {
    super("ConnectError", new.target.code, `Cannot connect to '${to}': ${why}`, options);
  }
}

/** The error for a connection of which each attempt has failed. */
export function allAttemptsFailed(to: string, attempts: readonly FailedAttempt[]): ConnectError {
  const lines = attempts.map(({ to: address, error }) => `  ${address}: ${firstLine(error)}`);
  const count = lines.length === 1 ? "the attempt" : `all ${lines.length} attempts`;
  return new ConnectError(to, [`${count} failed.`, ...lines].join("\n"), {
    cause: new ExceptionGroup(
      `attempts to connect to ${attempts.map(({ to: address }) => address).join(", ")}`,
      attempts.map(({ error }) => error),
    ),
  });
}

function firstLine(error: unknown): string {
  return describe(error).split("\n", 1)[0] ?? "";
}
