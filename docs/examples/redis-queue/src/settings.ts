// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: redis-queue [options]

Starts workers that take jobs from a queue in Redis, until none has come for some time. More can be added meanwhile, by
"redis-cli rpush jobs 'nap 500'".

Options:
  --redis ADDRESS  such as redis://localhost:6379; unless given, it starts a redis-server of its own
  --jobs N         adds so many jobs first (10)
  --workers N      how many jobs are done at once (3)
  --deadline MS    how long one job may take (2000)
  --idle MS        how long a worker waits for a job (1000)
  --name NAME      what the workers are called: NAME-1 and so on; no two programs may use the same name at once (worker)
  --help           shows this
`;

/** What the program is to do. */
export interface Settings {
  readonly redis: string | undefined;
  readonly jobs: number;
  readonly workers: number;
  readonly deadline: number;
  readonly idle: number;
  readonly name: string;
}

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (!values.help) {
      const number = (name: "jobs" | "workers" | "deadline" | "idle"): number =>
        wholeNumber(name, values[name]);
      return {
        redis: values.redis,
        name: values.name,
        jobs: number("jobs"),
        workers: number("workers"),
        deadline: number("deadline"),
        idle: number("idle"),
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
  redis: { type: "string" },
  jobs: { type: "string", default: "10" },
  workers: { type: "string", default: "3" },
  deadline: { type: "string", default: "2000" },
  idle: { type: "string", default: "1000" },
  name: { type: "string", default: "worker" },
  help: { type: "boolean", default: false },
} as const;

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes a whole number.`);
}
