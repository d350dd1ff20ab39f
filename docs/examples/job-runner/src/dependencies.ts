// Which jobs stand in the way of which. It knows their names and needs only.
import type { Job } from "./job.js";

type Node = Pick<Job, "name" | "needs">;

/** The jobs that need this one, also by way of others, in their order. */
export function dependentsOf<N extends Node>(job: Node, jobs: readonly N[]): readonly N[] {
  const found = new Set([job.name]);
  // A job may stand before those that it needs, so one pass is not enough.
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { name, needs } of jobs) if (needs.some((need) => found.has(need))) found.add(name);
  }
  found.delete(job.name);
  return jobs.filter(({ name }) => found.has(name));
}

/** The names along a circle of needs, the first one again at the end; undefined where there is none. */
export function circleIn(jobs: readonly Node[]): readonly string[] | undefined {
  const needsOf = new Map(jobs.map(({ name, needs }) => [name, needs]));
  const fine = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (fine.has(name)) return undefined;
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    for (const need of needsOf.get(name) ?? []) {
      const circle = visit(need, [...path, name]);
      if (circle !== undefined) return circle;
    }
    fine.add(name);
    return undefined;
  };
  for (const { name } of jobs) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
