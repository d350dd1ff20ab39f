/** A file of vectors that cannot be read: where the mistake is, and what it is. */
export class VectorError extends Error {
  override readonly name = "VectorError";
  readonly place: string;
  readonly problem: string;

  constructor(place: string, problem: string) {
    super(`Cannot read a vector at ${place}: ${problem}.`);
    this.place = place;
    this.problem = problem;
  }
}
