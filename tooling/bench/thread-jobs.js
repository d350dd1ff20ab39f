// What the rows of the executor run in threads: plain JavaScript, since other pools want a file.
import { fromThread } from "@trestle/executor/worker";

/**
 * @param {unknown} value
 * @returns {unknown}
 */
export function echo(value) {
  return value;
}

/**
 * @param {Uint8Array} bytes
 * @returns {number}
 */
export function lengthOf(bytes) {
  return bytes.byteLength;
}

/**
 * Calls back so many times, standing still each time, and tells how long that took, in nanoseconds.
 *
 * @param {number} count
 * @returns {number}
 */
export function callBack(count) {
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    if (fromThread.runSync("next", at) !== at + 1) throw new Error("a wrong answer");
  }
  return (performance.now() - start) * 1e6;
}

/**
 * Finds where the links of a page lead: work that keeps a processor busy, and makes garbage as parsers do.
 *
 * @param {Uint8Array} page
 * @returns {{ text: string, address: string, line: number }[]}
 */
export function linksOf(page) {
  const links = [];
  const lines = new TextDecoder().decode(page).split("\n");
  for (const [at, line] of lines.entries()) {
    for (const [, text = ""] of line.matchAll(/<a href="([^"]*)"/g))
      links.push({ text, address: new URL(text, "http://site.test/").href, line: at + 1 });
  }
  return links;
}
