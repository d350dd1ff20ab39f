// How a page is got: fetched, and then read for its links. Fetching is ordinary async code; reading is work for a processor, which
// worker threads can do beside each other.
import type { TransferListItem } from "node:worker_threads";
import { moduleRef, ThreadExecutor } from "@trestle/executor";
import { runSync } from "@trestle/executor/structured";
import { using, type Operation } from "@trestle/structured";
import type { ReadPage } from "./ask.js";
import type { HtmlDocument } from "./document.js";
import { parsePage } from "./parse-page.js";
import type { Purpose, RawAnswer } from "./read-page.js";

/** Gets a page over the network. */
export type FetchPage = (address: string, purpose: Purpose) => Operation<RawAnswer>;

/** Reads a document. */
type ParsePage = (
  bytes: Uint8Array,
  contentType: string,
  address: string,
) => Operation<HtmlDocument>;

/** Runs a body with a reader whose documents are read by so many worker threads; by this thread where there are none. */
export function withPageReader<T>(
  fetchPage: FetchPage,
  workers: number,
  body: (read: ReadPage) => Operation<T>,
): Operation<T> {
  if (workers === 0) return body(pageReader(fetchPage, parseHere));
  return using(new ThreadExecutor({ maxWorkers: workers }), (executor) => {
    const parse: ParsePage = (bytes, contentType, address) =>
      runSync(work.parsePage, [bytes, contentType, address], {
        executor,
        transfer: ownMemory(bytes),
      });
    return body(pageReader(fetchPage, parse));
  });
}

/** What moves to the worker instead of being copied: the memory of a page, where nothing else is in it. */
function ownMemory({ buffer, byteLength }: Uint8Array): TransferListItem[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** The built file: workers cannot load TypeScript. */
const work = moduleRef<typeof import("./parse-page.js")>(
  new URL("./parse-page.js", import.meta.url),
);

function* parseHere(...args: Parameters<typeof parsePage>): Operation<HtmlDocument> {
  return parsePage(...args);
}

function pageReader(fetchPage: FetchPage, parse: ParsePage): ReadPage {
  return function* (address, purpose, arrived) {
    const answer = yield* fetchPage(address, purpose);
    if (answer.kind !== "html") return answer;
    arrived();
    const { bytes, contentType, whole } = answer;
    return { kind: "document", whole, ...(yield* parse(bytes, contentType, address)) };
  };
}
