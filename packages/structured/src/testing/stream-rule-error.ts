import { describe, TrestleError } from "@trestle/host";

/** A stream does not do what every stream must. */
export class StreamRuleError extends TrestleError {
  static override readonly code = "TRESTLE_STREAM_RULE";

  /** The rule that it breaks. */
  readonly rule: string;

  /** @param found what it does instead */
  constructor(rule: string, found: string, options?: ErrorOptions) {
    super(
      "StreamRuleError",
      new.target.code,
      `Cannot confirm that ${rule}: ${found}.\nMend the stream; what is promised is said at the interfaces of streams.`,
      options,
    );
    this.rule = rule;
  }
}

/** What is said of a stream that throws something it should not. */
export function threw(error: unknown): string {
  return `it threw ${describe(error)}`;
}
