import { parseArgs } from "node:util";
import type { Seed } from "./check-vectors.js";

/** What `pnpm conformance` was asked to do. */
export interface Request {
  readonly files: readonly string[];
  readonly seeds: readonly Seed[];
  readonly only: string | undefined;
  readonly help: boolean;
}

/** A command line that makes no sense, or names what is not there. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const help = `Runs conformance vectors: small concurrent programs, each with the trace that it must leave.

  pnpm conformance [OPTIONS] [FILE...]

For each vector that differs it prints the vector's id and the first difference; the last line counts. It exits with 1
when any vector failed, and with 2 when it could not run. Without a FILE it runs the vectors that this project requires.

  --seed N     shuffle the tasks of each batch with seed N, instead of running them first in, first out
  --seeds N    run each vector first in, first out, and then with each of the seeds 1 to N
  --only ID    run the vectors of this id alone
  --help       print this
`;

/** Reads the command line; throws a UsageError that says what is wrong with it. */
export function parseCommandLine(commandLine: readonly string[]): Request {
  const { values, positionals } = parse(commandLine);
  if (values.seed !== undefined && values.seeds !== undefined) {
    throw new UsageError("Cannot use --seed together with --seeds: give one of them.");
  }
  return {
    files: positionals,
    seeds: values.seed === undefined ? upTo(values.seeds) : [wholeNumber("--seed", values.seed)],
    only: values.only,
    help: values.help ?? false,
  };
}

function parse(commandLine: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandLine],
      allowPositionals: true,
      options: {
        seed: { type: "string" },
        seeds: { type: "string" },
        only: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`Cannot read the command line: ${(error as Error).message}\nSee --help.`);
  }
}

function upTo(count: string | undefined): Seed[] {
  if (count === undefined) return [undefined];
  return [
    undefined,
    ...Array.from({ length: wholeNumber("--seeds", count) }, (_, index) => index + 1),
  ];
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new UsageError(`Cannot use ${option} "${text}": a whole number is wanted.`);
}
