// Reads vectors: one JSON object a line, checked before anything runs, so that a mistake in a file is told by its place in
// the file and not by a failure of a runtime.
import type { Program, ProgramFlavor } from "./program.js";
import type { Result } from "./result.js";
import { checkBody } from "./statement-fields.js";
import { VectorError } from "./vector-error.js";

/** One program with the result that it must give. */
export interface Vector {
  readonly id: string;
  readonly program: Program;
  readonly expect: Result;
}

const flavors: readonly ProgramFlavor[] = ["structured", "loop", "bridge"];

/**
 * Reads the text of a `.jsonl` file of vectors; empty lines are skipped.
 *
 * @param file its name, for messages
 */
export function parseVectors(text: string, file: string): Vector[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      line.trim() === "" ? [] : [parseLine(line, `${file}:${index + 1}`)],
    );
}

function parseLine(line: string, place: string): Vector {
  let vector: unknown;
  try {
    vector = JSON.parse(line);
  } catch (error) {
    throw new VectorError(place, `the line is not JSON (${(error as Error).message})`);
  }
  try {
    checkVector(vector);
  } catch (error) {
    if (!(error instanceof VectorError)) throw error;
    throw new VectorError(`${place}, ${error.place}`, error.problem);
  }
  return vector;
}

function checkVector(value: unknown): asserts value is Vector {
  const { id, program, expect } = asObject(value, "the line");
  if (typeof id !== "string") throw new VectorError("id", "it must be a text");
  checkProgram(asObject(program, "program"));
  const { outcome, trace } = asObject(expect, "expect");
  if (typeof outcome !== "string") throw new VectorError("expect.outcome", "it must be a text");
  for (const [task, lines] of Object.entries(asObject(trace, "expect.trace"))) {
    if (Array.isArray(lines) && lines.every(isTraceLine)) continue;
    throw new VectorError(`expect.trace["${task}"]`, "it must be a list of [second, text]");
  }
}

function checkProgram(program: Record<string, unknown>): void {
  const { flavor, body, events = [], locks = [], channels = {}, semaphores = {} } = program;
  if (!flavors.some((known) => known === flavor)) {
    throw new VectorError(
      "program.flavor",
      `it must be one of ${flavors.join(", ")}, not ${JSON.stringify(flavor)}`,
    );
  }
  checkBody(body, flavor as ProgramFlavor);
  for (const [name, ids] of Object.entries({ events, locks })) {
    if (Array.isArray(ids) && ids.every((id) => typeof id === "string")) continue;
    throw new VectorError(`program.${name}`, "it must be a list of ids");
  }
  for (const [name, numbers] of Object.entries({ channels, semaphores })) {
    if (
      Object.values(asObject(numbers, `program.${name}`)).every(
        (number) => typeof number === "number",
      )
    )
      continue;
    throw new VectorError(`program.${name}`, "it must give a number for each id");
  }
}

function asObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new VectorError(place, "an object must stand here");
}

function isTraceLine(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "number" &&
    typeof value[1] === "string"
  );
}
