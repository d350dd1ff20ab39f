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
