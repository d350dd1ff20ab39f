// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";
import { hostAndPort } from "./targets.js";

const HELP = `\
Usage: happy-eyeballs [options] HOST:PORT...

Connects to the first address of these hosts that answers, tells which, and closes the connection.

Options:
  --head-start MS  how long an address is tried before the next one is tried as well (250)
  --deadline MS    how long all of it may take (10000)
  --help           shows this
`;

/** What the program is to do. Times are in milliseconds. */
export interface Settings {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly headStart: number;
  readonly deadline: number;
}

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
    });
    if (!values.help) {
      if (positionals.length === 0) throw new Error("Cannot connect: no host was named.");
      return {
        hosts: positionals.map(hostFrom),
        headStart: milliseconds("head-start", values["head-start"]),
        deadline: milliseconds("deadline", values.deadline),
      };
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    throw new ExitError(2);
  }
  process.stdout.write(HELP);
  throw new ExitError(0);
}

const options = {
  "head-start": { type: "string", default: "250" },
  deadline: { type: "string", default: "10000" },
  help: { type: "boolean", default: false },
} as const;

function hostFrom(word: string): { host: string; port: number } {
  const found = hostAndPort(word);
  if (found !== undefined) return found;
  throw new Error(`Cannot connect to "${word}": it is not HOST:PORT, with a port up to 65535.`);
}

function milliseconds(option: string, text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes milliseconds.`);
}
