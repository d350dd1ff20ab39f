// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: sales-report [options]

Starts a PostgreSQL server, fills it, and makes reports, all at once.

Options:
  --deadline MS  how long a report may take (1500)
  --help         shows this
`;

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): { readonly deadline: number } {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (!values.help) return { deadline: milliseconds("deadline", values.deadline) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    throw new ExitError(2);
  }
  process.stdout.write(HELP);
  throw new ExitError(0);
}

const options = {
  deadline: { type: "string", default: "1500" },
  help: { type: "boolean", default: false },
} as const;

function milliseconds(option: string, text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes milliseconds, 1 or more.`);
}
