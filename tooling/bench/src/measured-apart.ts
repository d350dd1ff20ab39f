// Each row has a process of its own, and its contenders share it: what the compiler learns from the work of one row, and what
// storages it leaves on, is not held against another, and falls on all contenders of a row alike.
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Result, RowResult } from "./measure.js";
import type { Row } from "./row.js";

/** What a contender came to, as it travels from one process to another. */
export type Figures = Omit<Result, "contender">;

/**
 * Measures a row in a process of its own, which `module` is.
 *
 * @throws Error where that process ends without having measured
 */
export async function measureApart(row: Row, rounds: number, module: URL): Promise<RowResult> {
  const child = fork(module, [row.name, String(rounds)]);
  let figures: readonly Figures[] | undefined;
  child.on("message", (message) => (figures = message as readonly Figures[]));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (figures === undefined || code !== 0)
    throw new Error(`Cannot measure "${row.name}": its process ended by ${signal ?? code}.`);
  return withContenders(row, figures);
}

/** What travels of a result: the contenders are functions, and known at both ends. */
export function withoutContenders({ results }: RowResult): readonly Figures[] {
  return results.map(({ count, samples, minimum, median, figure, audit }) => ({
    count,
    samples,
    minimum,
    median,
    figure,
    audit,
  }));
}

function withContenders(row: Row, figures: readonly Figures[]): RowResult {
  const results = row.contenders.map((contender, i) => ({ contender, ...(figures[i] as Figures) }));
  return { row, results };
}
