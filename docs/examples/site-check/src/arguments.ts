// What the command line asks for. Bad input is a UsageError, which says what is wrong and what to write instead.
import { parseArgs, type ParseArgsConfig } from "node:util";

/** Which site is checked. */
export type Target =
  | { readonly kind: "demo" }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "site"; readonly address: string };

/** What the command line asks for. Times are in milliseconds; Infinity is no limit. */
export interface Settings {
  readonly target: Target;
  /** How long the whole crawl may take. */
  readonly deadline: number;
  /** How many requests run at once. */
  readonly concurrency: number;
  /** How long one try to get one page may take. */
  readonly pageTimeout: number;
  /** How many times a page is tried again. */
  readonly retries: number;
  /** The pause before the first retry; each further one is twice as long. */
  readonly retryPause: number;
  /** How many addresses are asked for at most. */
  readonly maxPages: number;
  /** Whether links that leave the site are checked. */
  readonly external: boolean;
  /** How many worker threads read the pages; with 0 this thread does. */
  readonly workers: number;
  /** The file that the result is written into; where there is none, it is printed. */
  readonly output: string | undefined;
  readonly progress: boolean;
  readonly json: boolean;
}

/** The command line asks for something that cannot be done. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const HELP = `Checks a web site for broken links.

Usage: pnpm demo [TARGET] [OPTIONS]

TARGET is the address of a site (http://... or https://...), or a folder of HTML files.
Without one, a small site that misbehaves in many ways is served and checked.

  --deadline MS       ends the whole check after MS milliseconds and prints what it has
  --concurrency N     runs at most N requests at once (8)
  --page-timeout MS   gives each try to get a page MS milliseconds (10000; 1000 in the demo)
  --retries N         tries a page that failed in passing N more times (2)
  --max-pages N       asks for at most N addresses (10000)
  --workers N         reads pages in N worker threads (0: in this one)
  --external          checks the links that leave the site, too
  --no-progress       prints nothing but the result
  --json              prints the result as JSON
  --output FILE       writes the result into FILE instead, by gzip where FILE ends with .gz
  --help              prints this

Exits with 0 if nothing is broken, 1 if anything is, 2 if it was called wrongly or FILE could not
be written, 130 after Ctrl-C.
Ctrl-C ends the check and prints what it has. A second Ctrl-C ends it at once.
`;

const OPTIONS = {
  deadline: { type: "string" },
  concurrency: { type: "string" },
  "page-timeout": { type: "string" },
  retries: { type: "string" },
  "max-pages": { type: "string" },
  workers: { type: "string" },
  output: { type: "string" },
  external: { type: "boolean" },
  "no-progress": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} satisfies ParseArgsConfig["options"];

/**
 * Reads the arguments after the program's name.
 *
 * @throws UsageError where they make no sense
 */
export function parseArguments(words: readonly string[]): Settings | "help" {
  // Package managers hand `--` on: `pnpm demo -- --external`.
  const { values, positionals } = parse(words[0] === "--" ? words.slice(1) : words);
  if (values.help) return "help";
  if (positionals.length > 1) {
    throw new UsageError(`Cannot check ${quoted(positionals)}: name one site or folder at a time.`);
  }
  const target = parseTarget(positionals[0]);
  const inDemo = target.kind === "demo";
  return {
    target,
    deadline: numberOf("deadline", MILLISECONDS, values.deadline) ?? Infinity,
    concurrency: numberOf("concurrency", COUNT_FROM_1, values.concurrency) ?? 8,
    pageTimeout:
      numberOf("page-timeout", MILLISECONDS, values["page-timeout"]) ?? (inDemo ? 1000 : 10_000),
    retries: numberOf("retries", COUNT_FROM_0, values.retries) ?? 2,
    retryPause: inDemo ? 100 : 500,
    maxPages: numberOf("max-pages", COUNT_FROM_1, values["max-pages"]) ?? 10_000,
    workers: numberOf("workers", COUNT_FROM_0, values.workers) ?? 0,
    output: outputOf(values.output),
    external: values.external ?? false,
    progress: !values["no-progress"],
    json: values.json ?? false,
  };
}

function parse(words: readonly string[]) {
  const args = withNegativeNumbers(words);
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`Cannot read the command line: ${reasonOf(error)}.\nSee --help.`);
  }
}

/** The part of parseArgs' messages that fits our options. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  const option = /'(--[\w-]+).*argument (?:missing|is ambiguous)/.exec(message)?.[1];
  if (option !== undefined) return `${option} needs a value`;
  return message.split(/\. To specify|\.$/)[0] ?? message;
}

/** `--deadline -5` as `--deadline=-5`: parseArgs would take `-5` for an option, and its error would confuse. */
function withNegativeNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (/^-[\d.]/.test(word) && before?.startsWith("--")) joined.splice(-1, 1, `${before}=${word}`);
    else joined.push(word);
  }
  return joined;
}

function parseTarget(word: string | undefined): Target {
  if (word === undefined) return { kind: "demo" };
  if (word === "") throw new UsageError(`Cannot check "": name a folder or an address.`);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(word)) return { kind: "folder", folder: word };
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(
      `Cannot check "${word}": that is no address of a web site.\nAn address begins with http:// or https://.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `Cannot check "${word}": an address with a password in it cannot be asked for.\nLeave out what stands before the @.`,
    );
  }
  return { kind: "site", address: url.href };
}

function outputOf(file: string | undefined): string | undefined {
  if (file === "") throw new UsageError(`Cannot use --output "": name a file.`);
  return file;
}

interface NumberKind {
  readonly what: string;
  readonly fits: (value: number) => boolean;
}

const MILLISECONDS: NumberKind = {
  what: "milliseconds, a number above 0",
  fits: (value) => value > 0 && Number.isFinite(value),
};
const COUNT_FROM_1: NumberKind = {
  what: "a whole number from 1",
  fits: (value) => Number.isSafeInteger(value) && value >= 1,
};
const COUNT_FROM_0: NumberKind = {
  what: "a whole number from 0",
  fits: (value) => Number.isSafeInteger(value) && value >= 0,
};

function numberOf(option: string, kind: NumberKind, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (kind.fits(value)) return value;
  throw new UsageError(`Cannot use --${option} "${text}": it takes ${kind.what}.`);
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(" and ");
}
