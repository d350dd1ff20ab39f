// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";

const HELP = `\
Usage: http-service [options] [SHOP...]

Serves GET /offers/ITEM, which compares the prices of an item in shops, until Ctrl-C. A shop is an address for which
GET SHOP/price/ITEM gives { "price": 12 }. Without one, it opens three of its own.

Options:
  --port PORT    at which port it serves; 0 for any that is free (3000)
  --deadline MS  how long a comparison may take (500)
  --help         shows this
`;

/** What the program is to do. */
export interface Settings {
  readonly port: number;
  readonly deadline: number;
  readonly shops: readonly string[];
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
        port: wholeNumber("port", values.port, 65_535),
        deadline: wholeNumber("deadline", values.deadline, 2 ** 31),
        shops: positionals.map(addressFrom),
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
  port: { type: "string", default: "3000" },
  deadline: { type: "string", default: "500" },
  help: { type: "boolean", default: false },
} as const;

function addressFrom(word: string): string {
  if (URL.canParse(word) && /^https?:/u.test(word)) return word.replace(/\/$/u, "");
  throw new Error(`Cannot ask "${word}": a shop's address begins with http:// or https://.`);
}

function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d+$/u.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes a whole number up to ${most}.`);
}
