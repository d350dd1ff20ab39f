/** A statement that the flavor it stands in does not have. */
export class UnknownOpError extends Error {
  override readonly name = "UnknownOpError";

  constructor(flavor: "structured" | "loop", op: string) {
    super(`Cannot run the statement "${op}": the ${flavor} flavor has no such statement.`);
  }
}
