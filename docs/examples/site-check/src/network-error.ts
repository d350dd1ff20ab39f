// What `fetch` throws, in words: it says "fetch failed" and hides the reason in a cause, sometimes several levels deep.
import { PageError } from "./page-error.js";

/** Failures that come and go, by their code. */
const PASSING: Readonly<Record<string, string>> = {
  EAI_AGAIN: "the name of the server could not be looked up",
  ECONNREFUSED: "the server refused the connection",
  ECONNRESET: "the connection broke off",
  EPIPE: "the connection broke off",
  ETIMEDOUT: "the server could not be reached",
  UND_ERR_BODY_TIMEOUT: "the server stopped sending",
  UND_ERR_CONNECT_TIMEOUT: "the server could not be reached",
  UND_ERR_HEADERS_TIMEOUT: "the server did not answer",
  UND_ERR_SOCKET: "the connection broke off",
};

/** Failures that stay. */
const LASTING: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is not to be trusted",
  EHOSTUNREACH: "the server could not be reached",
  ENETUNREACH: "the server could not be reached",
  ENOTFOUND: "there is no server of this name",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
};

/** Turns what `fetch` or reading a body threw into a PageError. */
export function networkError(error: unknown): PageError {
  const cause = innermost(error);
  const code = "code" in cause ? String(cause.code) : "";
  const passing = PASSING[code];
  if (passing !== undefined) return new PageError(passing, { passing: true, cause: error });
  return new PageError(LASTING[code] ?? cause.message, { passing: false, cause: error });
}

/** An AggregateError stands for one try for each address of the server: the first tells enough. */
function innermost(error: unknown): Error {
  const passed = new Set<unknown>();
  let inner = error instanceof Error ? error : new Error(String(error));
  while (true) {
    passed.add(inner);
    const next: unknown = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
    if (!(next instanceof Error) || passed.has(next)) return inner;
    inner = next;
  }
}
