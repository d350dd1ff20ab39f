// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: event-stream [options] [URL]

Prints the data of server-sent events until one of the type "end". Without an address it reads from a server of its own, which stops
in the middle.

Options:
  --silence MS   how long the next event may take (1000)
  --deadline MS  how long all of it may take (60000)
  --help         shows this
`;

/** What the program is to do. Times are in milliseconds. */
export interface Settings {
  readonly url: string | undefined;
  readonly silence: number;
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
      const [url] = positionals;
      const isUrl = url === undefined || (URL.canParse(url) && /^https?:/u.test(url));
      if (!isUrl || positionals.length > 1) {
        throw new Error(
          `Cannot read from "${positionals.join(" ")}": one http:// address is wanted.`,
        );
      }
      const [silence, deadline] = [values.silence, values.deadline].map(milliseconds) as [
        number,
        number,
      ];
      return { url, silence, deadline };
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    throw new ExitError(2);
  }
  process.stdout.write(HELP);
  throw new ExitError(0);
}

const options = {
  silence: { type: "string", default: "1000" },
  deadline: { type: "string", default: "60000" },
  help: { type: "boolean", default: false },
} as const;

function milliseconds(text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text);
  throw new Error(`Cannot wait "${text}": milliseconds are wanted, 1 or more.`);
}
