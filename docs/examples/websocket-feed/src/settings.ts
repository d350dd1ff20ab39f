// The command line: one program that is a server, or a client.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: websocket-feed serve [options]
       websocket-feed follow [options] [URL]

Serves a feed of prices over WebSockets, or follows one (ws://127.0.0.1:4001), until Ctrl-C.

Options of serve:
  --host ADDRESS  where to listen (127.0.0.1)
  --port PORT     at which port; 0 for any that is free (4001)
  --every MS      how often a price is sent (1000)
  --life MS       how often a client has to show a sign of life (10000)
Options of follow:
  --silence MS    how long the server may be silent (3000)
  --pause MS      how long it waits before it connects again, at first (500)
`;

/** What the program is to do. Times are in milliseconds. */
export type Settings =
  | {
      readonly kind: "serve";
      readonly host: string;
      readonly port: number;
      readonly price: number;
      readonly life: number;
    }
  | {
      readonly kind: "follow";
      readonly url: string;
      readonly silence: number;
      readonly pause: number;
    };

/** Reads the command line. @throws ExitError for a wrong one, and for `--help`, when that has been told */
export function readSettings(words: readonly string[]): Settings {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
    });
    if (!values.help) {
      const [kind, url = "ws://127.0.0.1:4001", ...more] = positionals;
      const number = (name: keyof typeof options, least: number, most = 2 ** 31): number =>
        wholeNumber(name, String(values[name]), least, most);
      if (kind === "serve" && positionals.length === 1) {
        const [price, life] = [number("every", 1), number("life", 1)];
        return { kind, host: values.host, port: number("port", 0, 65_535), price, life };
      }
      if (kind === "follow" && more.length === 0 && /^wss?:/u.test(url) && URL.canParse(url)) {
        return { kind, url, silence: number("silence", 1), pause: number("pause", 1) };
      }
      throw new Error(
        `Cannot do "${positionals.join(" ")}": it is neither "serve" nor "follow URL".`,
      );
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
  port: { type: "string", default: "4001" },
  every: { type: "string", default: "1000" },
  life: { type: "string", default: "10000" },
  silence: { type: "string", default: "3000" },
  pause: { type: "string", default: "500" },
  help: { type: "boolean", default: false },
} as const;

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/u.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new Error(
    `Cannot use --${option} "${text}": it takes a whole number from ${least} to ${most}.`,
  );
}
