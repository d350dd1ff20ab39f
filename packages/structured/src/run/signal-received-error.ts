import { TrestleError } from "@trestle/host";

/** The signals that end a program, with what the shell adds to 128 for the exit code. */
export const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof SIGNALS;

/** The process was asked to end. It is the reason of the cancellation of `main`, and is thrown nowhere. */
export class SignalReceivedError extends TrestleError {
  static override readonly code = "TRESTLE_SIGNAL_RECEIVED";
  /** The name of the signal. */
  readonly signal: EndingSignal;

  constructor(signal: EndingSignal) {
    super(
      "SignalReceivedError",
      new.target.code,
      `Cannot go on: the process received ${signal}.\nClean up in 'finally' and let Cancelled pass; a second signal ends the process at once.`,
    );
    this.signal = signal;
  }
}
