// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "trestle";
import type { Command } from "./command.js";

const HELP = `\
Usage: watch-rebuild [options] --build LINE
       watch-rebuild [options] -- PROGRAM ARGUMENTS...

Builds, and builds again when something changes. A change while it builds ends that build.

Options:
  --watch FOLDER  where to look for changes, with all folders in it; may be given several times (.)
  --delay MS      how long nothing may change before it builds (100)
  --build LINE    what builds, as a line for the shell; or give the command after "--", without a shell
  --serve LINE    what serves, as a line for the shell; started after the first good build, and anew after each
  --grace MS      how long a process has for its end, before it is killed (2000)
  --help          shows this

Names that begin with a dot, and folders named node_modules, are not looked at. Let the build write elsewhere, too.
Exits with 2 if it was called wrongly, 130 after Ctrl-C.
`;

/** What the program is to do. Times are in milliseconds. */
export interface Settings {
  readonly folders: readonly string[];
  readonly delay: number;
  readonly grace: number;
  readonly build: Command;
  readonly serve: Command | undefined;
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
      return {
        folders: values.watch ?? ["."],
        delay: milliseconds("delay", values.delay),
        grace: milliseconds("grace", values.grace),
        build: buildFrom(values.build, positionals),
        serve: values.serve === undefined ? undefined : lineFor("serve", values.serve),
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
  watch: { type: "string", multiple: true },
  delay: { type: "string", default: "100" },
  grace: { type: "string", default: "2000" },
  build: { type: "string" },
  serve: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

function buildFrom(line: string | undefined, words: readonly string[]): Command {
  if (line !== undefined && words.length > 0) {
    throw new Error(`Cannot build by --build and by "${words.join(" ")}": give one of them.`);
  }
  if (line !== undefined) return lineFor("build", line);
  const [program] = words;
  if (program === undefined) {
    throw new Error('Cannot build: no command was named. Give --build LINE, or one after "--".');
  }
  if (program === "") throw new Error('Cannot build by "": the name of the program is empty.');
  return words;
}

function lineFor(option: string, line: string): string {
  if (line.trim() !== "") return line;
  throw new Error(`Cannot use --${option} "${line}": it takes a command.`);
}

function milliseconds(option: string, text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes milliseconds, a whole number.`);
}
