import { isDeepStrictEqual } from "node:util";
import type { Result } from "./result.js";
import type { TraceLine } from "./task-trace.js";

/** Describes the earliest line in which two traces differ, or else the outcomes; undefined where the results are equal. */
export function firstDifference(expected: Result, actual: Result): string | undefined {
  const tasks = new Set([...Object.keys(expected.trace), ...Object.keys(actual.trace)]);
  const [first] = [...tasks]
    .map((task) => differenceIn(task, expected.trace[task] ?? [], actual.trace[task] ?? []))
    .filter((difference) => difference !== undefined)
    .toSorted((a, b) => a.at - b.at || (a.task < b.task ? -1 : 1));
  if (first) return `task "${first.task}", ${first.text}`;
  if (expected.outcome === actual.outcome) return undefined;
  return `outcome: expected ${show(expected.outcome)}, got ${show(actual.outcome)}`;
}

interface Difference {
  readonly task: string;
  readonly at: number;
  readonly text: string;
}

function differenceIn(
  task: string,
  expected: readonly TraceLine[],
  actual: readonly TraceLine[],
): Difference | undefined {
  for (let line = 0; line < Math.max(expected.length, actual.length); line++) {
    const wanted = expected[line];
    const found = actual[line];
    if (isDeepStrictEqual(wanted, found)) continue;
    const at = Math.min(wanted?.[0] ?? Infinity, found?.[0] ?? Infinity);
    return { task, at, text: `line ${line + 1}: expected ${show(wanted)}, got ${show(found)}` };
  }
  return undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing more" : JSON.stringify(value);
}
