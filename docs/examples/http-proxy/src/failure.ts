// What a failure is to the client of a proxy.
import { ExceptionGroup } from "@trestle/host";
import { BrokenResourceError, TooSlowError } from "@trestle/structured";
import { ConnectError } from "@trestle/structured/net";

/** The client asks for something that no proxy does. */
export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
}

/** The status and the words for an error; one that is none of the network's is thrown again. */
export function failureOf(error: unknown): { readonly status: number; readonly why: string } {
  // Errors that come out of a nursery are in a group.
  const first = error instanceof ExceptionGroup ? error.flatten()[0] : error;
  if (first instanceof BadRequestError) return { status: 400, why: first.message };
  if (first instanceof TooSlowError) return { status: 504, why: "the server is too slow" };
  if (first instanceof ConnectError) return { status: 502, why: "the server cannot be reached" };
  if (first instanceof BrokenResourceError) return { status: 502, why: "the server broke off" };
  if (first instanceof Error && "code" in first) return { status: 502, why: String(first.code) };
  throw error;
}
