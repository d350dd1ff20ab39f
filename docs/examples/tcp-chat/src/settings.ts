// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: tcp-chat [options]

Serves a chat room until Ctrl-C. Come in by "nc 127.0.0.1 4000".

Options:
  --host ADDRESS  where to listen (127.0.0.1)
  --port PORT     at which port; 0 for any that is free (4000)
  --silence MS    how long a member may be silent (600000)
  --help          shows this
`;

/** What the program is to do. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly silence: number;
}

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values } = parseArgs({ args: [...words], options });
    if (!values.help) {
      return {
        host: values.host,
        port: wholeNumber("port", values.port, 65_535),
        silence: wholeNumber("silence", values.silence, 2 ** 31),
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
  port: { type: "string", default: "4000" },
  silence: { type: "string", default: "600000" },
  help: { type: "boolean", default: false },
} as const;

function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d+$/u.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes a whole number up to ${most}.`);
}
