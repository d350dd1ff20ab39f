import { TrestleError } from "@trestle/host";

/** A loop was closed at the end of its block although something in it did not stop. */
export class ShutdownError extends TrestleError {
  static override readonly code = "TRESTLE_SHUTDOWN";
  /** A line for each thing that went on. */
  readonly left: readonly string[];

  constructor(why: string, left: readonly string[]) {
    super(
      "ShutdownError",
      new.target.code,
      [`Cannot end what runs in the loop: ${why}.`, ...left.map((line) => `  ${line}`)].join("\n"),
    );
    this.left = left;
  }
}
