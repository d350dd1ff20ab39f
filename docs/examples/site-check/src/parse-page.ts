// The work that takes a processor and not the network: it runs in whichever thread calls it.
import { decodeBody } from "./body-text.js";
import { readDocument, type HtmlDocument } from "./document.js";

/** Reads a document from the bytes that were found at an address. */
export function parsePage(bytes: Uint8Array, contentType: string, address: string): HtmlDocument {
  return readDocument(decodeBody(bytes, contentType), address);
}
