import type { Verdict } from "./goals.js";
import type { RowResult } from "./measure.js";
import { ratioToTrestle } from "./report.js";

/** Everything that was measured, as what `--json` writes. */
export function jsonReport(
  machine: Readonly<Record<string, unknown>>,
  results: readonly RowResult[],
  verdicts: readonly Verdict[],
): unknown {
  return {
    machine,
    rows: results.map(({ row, results }) => ({
      name: row.name,
      title: row.title,
      unit: row.unit,
      per: row.per,
      contenders: results.map((result) => ({
        library: result.contender.library,
        code: result.contender.code,
        count: result.count,
        minimum: result.minimum,
        median: result.median,
        timesTrestle: ratioToTrestle(result, results),
        samples: result.samples,
        audit: result.audit,
      })),
    })),
    goals: verdicts.map(({ goal, figure, met, wantedMet }) => ({
      row: goal.row,
      text: goal.text,
      figure,
      must: goal.must,
      met,
      wanted: goal.wanted,
      wantedMet,
    })),
  };
}
