/** An error that the bench made a task throw. Whoever is responsible for the task must be told of it. */
export class PlantedError extends Error {
  override readonly name = "PlantedError";

  /** @param child whose it is; for Effect two errors of one text are one. */
  constructor(child: number) {
    super(`of child ${child}`);
  }
}

/**
 * How many planted errors somebody has been told of who holds this value: an error, a group, an exit. They may be anywhere
 * inside it that its properties lead to.
 */
export function plantedIn(value: unknown): number {
  const seen = new Set<object>();
  let planted = 0;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof PlantedError) planted++;
    for (const key of Reflect.ownKeys(next)) open.push(Reflect.get(next, key));
  }
  return planted;
}
