// Arguments, results and errors as text: what stands in Redis. The codec takes plain data, and beside what JSON has: undefined,
// dates, maps, sets, big integers, regular expressions, typed arrays, numbers that JSON lacks, and references in a circle.
import { encodeError, reviveError, type EncodedError } from "@trestle/executor";
import { describe } from "@trestle/host";
import { parse, stringify } from "devalue";
import { PayloadError } from "./payload-error.js";

/**
 * @param what the thing, for the error: "the result of the job 'resize'"
 * @throws PayloadError
 */
export function encodePayload(value: unknown, what: string): string {
  try {
    return stringify(value);
  } catch (error) {
    const { path, message } = error as { path?: string; message?: string };
    const place = path === undefined || path === "" ? "" : ` at '${path}'`;
    throw new PayloadError(
      `Cannot send ${what}: ${message ?? describe(error)}${place}.\nSend plain data: objects, arrays, strings, numbers, dates, maps, sets, typed arrays.`,
      { cause: error },
    );
  }
}

/**
 * @param what the thing, for the error
 * @throws PayloadError for text that nobody encoded here
 */
export function decodePayload(text: unknown, what: string): unknown {
  try {
    if (typeof text === "string") return parse(text);
  } catch (error) {
    throw unreadable(text, what, error);
  }
  throw unreadable(text, what, undefined);
}

/** Whatever was thrown, as text. */
export function encodeThrown(thrown: unknown): string {
  return stringify(encodeError(thrown, { canTravel }));
}

/** What `encodeThrown` was given, or what comes nearest. */
export function decodeThrown(text: string): unknown {
  return reviveError(parse(text) as EncodedError);
}

function canTravel(value: unknown): boolean {
  try {
    stringify(value);
    return true;
  } catch {
    return false;
  }
}

function unreadable(text: unknown, what: string, cause: unknown): PayloadError {
  return new PayloadError(
    `Cannot read ${what}: ${describe(text)} was not written by @trestle/executor-bullmq.\nKeep other jobs out of its queues.`,
    { cause },
  );
}
