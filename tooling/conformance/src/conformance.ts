// What `pnpm conformance` does. Nothing here knows a statement: it reads files, runs vectors and counts.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { checkVector } from "./check-vectors.js";
import { help, parseCommandLine, UsageError, type Request } from "./command-line.js";
import { VectorError } from "./vector-error.js";
import { parseVectors, type Vector } from "./vector.js";

/** The vectors that this project requires. */
const required = fileURLToPath(new URL("../vectors/structured.jsonl", import.meta.url));

/** What the command has around it. */
export interface Surroundings {
  /** Writes a line for the user. */
  readonly print: (line: string) => void;
  /** The folder that files are named from. */
  readonly folder: string;
  /** Called before each vector with its id. */
  readonly onVector?: (id: string) => void;
}

/**
 * Runs the command.
 *
 * @returns the exit code: 1 when a vector failed, 2 when the vectors could not be run, else 0
 */
export async function conformance(
  commandLine: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    const request = parseCommandLine(commandLine);
    if (!request.help)
      return await checkAll(await readVectors(request, surroundings.folder), request, surroundings);
    surroundings.print(help);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof VectorError)) throw error;
    surroundings.print(error.message);
    return 2;
  }
}

async function checkAll(
  vectors: readonly Vector[],
  { seeds }: Request,
  surroundings: Surroundings,
): Promise<number> {
  const { print, onVector } = surroundings;
  let failed = 0;
  for (const vector of vectors) {
    onVector?.(vector.id);
    const mismatch = await checkVector(vector, seeds);
    if (!mismatch) continue;
    failed++;
    print(`${mismatch.id}: ${mismatch.difference}`);
  }
  print(`${vectors.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function readVectors({ files, only }: Request, folder: string): Promise<readonly Vector[]> {
  const wanted = files.length === 0 ? [required] : files;
  const lists = await Promise.all(wanted.map((file) => readFileOfVectors(file, folder)));
  const vectors = lists.flat();
  if (only === undefined) return vectors;
  const chosen = vectors.filter(({ id }) => id === only);
  if (chosen.length > 0) return chosen;
  throw new UsageError(`Cannot run "${only}": no vector has that id, in ${wanted.join(", ")}.`);
}

async function readFileOfVectors(file: string, folder: string): Promise<readonly Vector[]> {
  let text: string;
  try {
    text = await readFile(path.resolve(folder, file), "utf8");
  } catch (error) {
    throw new UsageError(`Cannot read the file "${file}": ${(error as Error).message}.`);
  }
  return parseVectors(text, file);
}
