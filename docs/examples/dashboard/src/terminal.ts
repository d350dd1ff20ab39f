// The terminal, borrowed: another screen, no cursor, keys as they are pressed. It is given back on every path, also when a
// cancellation comes in the middle of anything. Nothing of that waits, so a `finally` is all that it takes.
import type { Operation } from "@trestle/structured";

/** What is used of `process.stdout` where it is a terminal. */
export interface Output {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

/** What is used of `process.stdin` where it is a terminal. */
export interface Input {
  setRawMode(isRaw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  pause(): unknown;
}

const OTHER_SCREEN = "\u001B[?1049h\u001B[?25l";
const OWN_SCREEN = "\u001B[?25h\u001B[?1049l";
const HOME = "\u001B[H";
const REST_OF_LINE = "\u001B[K";
const REST_OF_SCREEN = "\u001B[J";

/** Runs a body that has the whole screen to itself, and all keys. */
export function* wholeTerminal<T>(
  input: Input,
  output: Output,
  body: () => Operation<T>,
): Operation<T> {
  input.setRawMode(true);
  output.write(OTHER_SCREEN);
  try {
    input.setEncoding("utf8");
    return yield* body();
  } finally {
    output.write(OWN_SCREEN);
    input.setRawMode(false);
    // Else reading would keep the program alive.
    input.pause();
  }
}

/** Draws over what was there, without a moment in which nothing is. */
export function draw(output: Output, lines: readonly string[]): void {
  const text = lines.map((line) => line + REST_OF_LINE).join("\r\n");
  output.write(HOME + text + REST_OF_SCREEN);
}
