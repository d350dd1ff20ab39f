// The command line.
import { parseArgs } from "node:util";
import { ExitError } from "@trestle/host";
import type { Pace } from "./watch.js";

const HELP = `\
Usage: dashboard [options] URL...

Asks for addresses again and again, and shows how fast they answer. Where it does not write to a terminal, it prints a line for
each answer.

Options:
  --every MS    how often each address is asked for (1000)
  --timeout MS  how long an answer may take (800)
  --help        shows this

Keys: p pauses, q quits.
`;

/** What the program is to do. */
export interface Settings {
  readonly urls: readonly string[];
  readonly pace: Pace;
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
      if (positionals.length === 0) throw new Error("Cannot watch: no address was named.");
      return {
        urls: positionals.map(addressFrom),
        pace: {
          every: milliseconds("every", values.every),
          timeout: milliseconds("timeout", values.timeout),
        },
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
  every: { type: "string", default: "1000" },
  timeout: { type: "string", default: "800" },
  help: { type: "boolean", default: false },
} as const;

function addressFrom(word: string): string {
  if (URL.canParse(word) && /^https?:/u.test(word)) return word;
  throw new Error(`Cannot watch "${word}": an address begins with http:// or https://.`);
}

function milliseconds(option: string, text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text);
  throw new Error(`Cannot use --${option} "${text}": it takes milliseconds, 1 or more.`);
}
