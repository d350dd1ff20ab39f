// What works where: the tables of the guides, and what the programs find out that show each feature of a package.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { environmentOfUser } from "./project.js";

const MINUTES = 60_000;
const workspace = path.resolve(import.meta.dirname, "../../..");

/** Features by their names, each with "yes" or with what happens instead. */
export type Features = Readonly<Record<string, string>>;

/** Reads the table of a document that has this column. */
export function tableOf(document: string, column: string): Features {
  const lines = readFileSync(path.join(workspace, document), "utf8").split("\n");
  const head = lines.findIndex((line) => cellsOf(line).includes(column));
  const at = cellsOf(lines[head] ?? "").indexOf(column);
  const features: Record<string, string> = {};
  for (const line of lines.slice(head + 2)) {
    const cells = cellsOf(line);
    if (cells.length === 0) break;
    features[cells[0] ?? ""] = cells[at] ?? "";
  }
  return features;
}

function cellsOf(line: string): string[] {
  if (!line.startsWith("|")) return [];
  const cells = line.split("|").slice(1, -1);
  return cells.map((cell) => cell.trim());
}

/** Has a program show its features, again from the next one on where a feature takes the process with it. */
export function featuresOf(binary: string, commandLine: readonly string[], cwd: string): Features {
  const features: Record<string, string> = {};
  for (;;) {
    const count = Object.keys(features).length;
    const { status, signal, stdout, stderr } = spawnSync(binary, [...commandLine, String(count)], {
      cwd,
      env: environmentOfUser(),
      encoding: "utf8",
      timeout: 5 * MINUTES,
      killSignal: "SIGKILL",
    });
    for (const line of stdout.trim().split("\n").filter(Boolean)) {
      const [name, result] = JSON.parse(line) as [name: string, result: string];
      features[name] = result;
    }
    // With idle threads, ended children and closed descriptors it ends by itself.
    if (status === 0) return features;
    if (status !== 1 || Object.keys(features).length === count) {
      throw new Error(`${commandLine.join(" ")} ended with ${signal ?? status}:\n${stderr}`);
    }
  }
}
