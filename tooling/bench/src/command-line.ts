import { parseArgs } from "node:util";
import type { Row } from "./row.js";

/** What `pnpm bench` was asked to do. */
export interface Request {
  readonly rows: readonly Row[];
  readonly rounds: number;
  /** Where the figures go, beside the terminal. */
  readonly json: string | undefined;
  /** Whether docs/benchmarks.md is written: what a run of all rows does. */
  readonly document: boolean;
  readonly help: boolean;
}

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const ROUNDS = 15;

/** The text of `--help`. */
export function help(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const list = rows.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join("\n");
  return `Measures Trestle beside native promises, Effect and Effection, each row in a process of its own, and prints ratios.

  pnpm bench [ROW...] [--rounds N] [--json FILE]

Without a ROW it measures all of them, and writes docs/benchmarks.md with its plots. It exits with 1 when Trestle leaked a task, lost an error or ran code of a cancelled
task, with 2 when it could not run; never because of a time.

  --rounds N   take N samples of each contender, instead of ${ROUNDS}; slow rows take fewer
  --json FILE  also write all samples to FILE
  --help       print this

Rows:
${list}
`;
}

/** Reads the command line; throws a UsageError that says what is wrong with it. */
export function parseCommandLine(commandLine: readonly string[], rows: readonly Row[]): Request {
  const { values, positionals } = parse(commandLine);
  return {
    rows: positionals.length === 0 ? rows : chosen(positionals, rows),
    rounds: values.rounds === undefined ? ROUNDS : positive("--rounds", values.rounds),
    json: values.json,
    document: positionals.length === 0,
    help: values.help ?? false,
  };
}

function parse(commandLine: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandLine],
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        json: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function chosen(names: readonly string[], rows: readonly Row[]): Row[] {
  for (const name of names) {
    if (!rows.some((row) => row.name === name)) throw new UsageError(`There is no row "${name}".`);
  }
  return rows.filter(({ name }) => names.includes(name));
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`${option} takes a whole number above 0, not "${text}".`);
}
