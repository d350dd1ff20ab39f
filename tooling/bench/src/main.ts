// The command `pnpm bench`.
import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { isClean } from "./audit.js";
import { help, parseCommandLine, UsageError, type Request } from "./command-line.js";
import { bundleSizes } from "./document/bundle-sizes.js";
import { machineLines } from "./document/machine-lines.js";
import { trioFigures } from "./document/trio-figures.js";
import { writeDocument } from "./document/write-document.js";
import { formatVerdicts, judge, type Verdict } from "./goals.js";
import { jsonReport } from "./json-report.js";
import type { RowResult } from "./measure.js";
import { measureApart } from "./measured-apart.js";
import { formatRow } from "./report.js";
import { rows } from "./rows.js";

const rowProcess = new URL("./row-process.js", import.meta.url);

try {
  process.exitCode = await main(parseCommandLine(process.argv.slice(2), rows));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${help(rows)}` : error);
  process.exitCode = 2;
}

async function main(request: Request): Promise<number> {
  if (request.help) {
    console.log(help(rows));
    return 0;
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, threads: availableParallelism() };
  console.log(
    `Node ${machine.node}, ${machine.threads} x ${machine.cpu}. Up to ${request.rounds} samples each.\n`,
  );
  const results: RowResult[] = [];
  for (const row of request.rows) {
    const result = await measureApart(row, request.rounds, rowProcess);
    results.push(result);
    console.log(`${formatRow(result).join("\n")}\n`);
  }
  const verdicts = judge(results);
  for (const line of formatVerdicts(verdicts)) console.log(line);
  if (request.json !== undefined) {
    await writeFile(
      fromCaller(request.json),
      `${JSON.stringify(jsonReport(machine, results, verdicts), null, 2)}\n`,
    );
  }
  if (request.document) await document(request.rounds, results, verdicts);
  return report(results) ? 0 : 1;
}

async function document(
  rounds: number,
  results: readonly RowResult[],
  verdicts: readonly Verdict[],
): Promise<void> {
  const folder = path.resolve(import.meta.dirname, "../../../docs");
  const bundles = await bundleSizes();
  const trio = trioFigures();
  await writeDocument(folder, {
    machine: machineLines(),
    rounds,
    results,
    verdicts,
    bundles,
    trio,
  });
  console.log("Wrote docs/benchmarks.md.");
}

/** Says what Trestle got wrong; whether that is nothing. */
function report(results: readonly RowResult[]): boolean {
  let clean = true;
  for (const { row, results: all } of results) {
    for (const { contender, audit } of all) {
      if (contender.library !== "Trestle" || isClean(audit)) continue;
      clean = false;
      console.error(
        `Trestle did not do the work of "${row.name}": ${JSON.stringify(audit)}, where all must be 0.`,
      );
    }
  }
  return clean;
}

/** A package manager's script runs in the workspace's folder; a file was named from where the user stands. */
function fromCaller(file: string): string {
  return path.resolve(process.env["INIT_CWD"] ?? process.cwd(), file);
}
