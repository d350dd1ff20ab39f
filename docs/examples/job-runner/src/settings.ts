// The command line.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ExitError } from "trestle";

const HELP = `\
Usage: job-runner [options]

Runs the jobs of a file, each when those that it needs are done.

Options:
  --jobs FILE    where the jobs are (jobs.json)
  --parallel N   how many run at once (${availableParallelism()}, as this machine has so many processors)
  --keep-going   runs what does not need a job that has failed; else the first failure ends all
  --help         shows this

Exits with 0 if all jobs are done, 1 if one has failed, 2 if it was called wrongly or the file makes no sense, 130 after Ctrl-C.
`;

/** What the program is to do. */
export interface Settings {
  readonly file: string;
  readonly parallel: number;
  readonly keepGoing: boolean;
}

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (!values.help) {
      return {
        file: values.jobs,
        parallel: count("parallel", values.parallel),
        keepGoing: values["keep-going"],
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
  jobs: { type: "string", default: "jobs.json" },
  parallel: { type: "string", default: String(availableParallelism()) },
  "keep-going": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function count(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes a whole number from 1 to 9999.`);
}
