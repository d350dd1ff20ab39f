// Headers that are for the next station only, and not passed on.
import type { IncomingHttpHeaders } from "node:http";

const FOR_ONE_CONNECTION: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The headers that go all the way. */
export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/u) ?? [];
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !FOR_ONE_CONNECTION.includes(name) && !named.includes(name),
    ),
  );
}
