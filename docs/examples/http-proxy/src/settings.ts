// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";
import type { Limits } from "./limits.js";

const HELP = `\
Usage: http-proxy [options]

Serves as an HTTP proxy until Ctrl-C: http_proxy=http://127.0.0.1:8080 curl http://example.org/

Options:
  --host ADDRESS  where to listen (127.0.0.1)
  --port PORT     at which port; 0 for any that is free (8080)
  --connect MS    how long a server may take to accept a connection of a tunnel (5000)
  --answer MS     how long a server may take to begin its answer (10000)
  --idle MS       how long a body or a tunnel may stand still (30000)
  --help          shows this
`;

/** What the program is to do. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly limits: Limits;
}

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (!values.help) {
      const number = (name: "port" | keyof Limits, most = 2 ** 31): number =>
        wholeNumber(name, values[name], most);
      return {
        host: values.host,
        port: number("port", 65_535),
        limits: { connect: number("connect"), answer: number("answer"), idle: number("idle") },
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
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "8080" },
  connect: { type: "string", default: "5000" },
  answer: { type: "string", default: "10000" },
  idle: { type: "string", default: "30000" },
  help: { type: "boolean", default: false },
} as const;

function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d+$/u.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes a whole number up to ${most}.`);
}
