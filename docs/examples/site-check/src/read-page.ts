// Getting one page, in ordinary async code: `fetch`, readers, `await`. Nothing of it knows structured code, apart from one
// line: the signal of its loop task, which fires when the structured caller is cancelled, whether by its deadline or by
// Ctrl-C. With it the request is aborted for real; without it, it would go on in the background.
import { STATUS_CODES } from "node:http";
import { currentTask } from "@trestle/loop";
import type { HtmlDocument } from "./document.js";
import { resolveLink, type LinkTarget } from "./link-target.js";
import { networkError } from "./network-error.js";
import { PageError } from "./page-error.js";

/** What an address answered, where it answered well. */
export type Answer =
  /** An HTML document; `whole` is false where it was too long to be read to its end. */
  ({ readonly kind: "document"; readonly whole: boolean } & HtmlDocument) | OtherAnswer;

/** The same before anybody has looked into the document. */
export type RawAnswer =
  | {
      readonly kind: "html";
      readonly whole: boolean;
      readonly bytes: Uint8Array;
      readonly contentType: string;
    }
  | OtherAnswer;

type OtherAnswer =
  /** Anything else that is there. */
  { readonly kind: "file" } | { readonly kind: "redirect"; readonly to: LinkTarget };

/** Whether a page is read for its links, or only asked whether it is there. */
export type Purpose = "read" | "probe";

/** More of a document than that is not read. */
export const LONGEST_BODY = 5_000_000;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** What servers answer that do not do HEAD. */
const NO_HEAD: ReadonlySet<number> = new Set([400, 403, 404, 405, 501]);

/**
 * Asks for one address, without following redirects.
 *
 * @throws PageError where the server refuses or cannot be reached
 */
export async function fetchPage(address: string, purpose: Purpose): Promise<RawAnswer> {
  const signal = currentTask()?.signal;
  const response = await responseOf(address, purpose, signal);
  const contentType = response.headers.get("content-type") ?? "";
  if (response.ok && purpose === "read" && isHtml(contentType)) {
    const { bytes, whole } = await readBody(response, signal);
    return { kind: "html", whole, bytes, contentType };
  }
  // A body that nobody reads would keep its connection busy.
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (REDIRECTS.has(response.status) && location !== null) {
    return { kind: "redirect", to: resolveLink(location, address) };
  }
  if (response.ok) return { kind: "file" };
  throw refusal(response);
}

async function responseOf(
  address: string,
  purpose: Purpose,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (purpose === "read") return request(address, "GET", signal);
  const head = await request(address, "HEAD", signal);
  return NO_HEAD.has(head.status) ? request(address, "GET", signal) : head;
}

async function request(
  address: string,
  method: "GET" | "HEAD",
  signal: AbortSignal | undefined,
): Promise<Response> {
  const headers = { accept: "text/html, */*;q=0.8", "user-agent": "site-check (Trestle example)" };
  try {
    return await fetch(address, { method, headers, redirect: "manual", signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw networkError(error);
  }
}

async function readBody(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop cancels the rest of the body.
      if (length > LONGEST_BODY) return { bytes: Buffer.concat(chunks), whole: false };
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw networkError(error);
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

function isHtml(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(contentType);
}

function refusal({ status, statusText }: Response): PageError {
  const reason = `${status} ${statusText || STATUS_CODES[status] || ""}`.trimEnd();
  return new PageError(reason, { passing: PASSING.has(status) });
}
