// TypeScript, as it is, in a thread: with a file beside it under the name that it will have when it is built.
import { MARK } from "./typed-mark.js";

export function shout(text: string): string {
  return text.toUpperCase() + MARK;
}
