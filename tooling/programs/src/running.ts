// A program that runs in a process of its own: what it says, and how it ends. Nothing is read from its streams before somebody
// asks, so that a test can also be a reader that is slow, or gone.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Readable, Writable } from "node:stream";

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was left when it ended by itself; undefined where it was ended. */
  readonly left: { readonly listeners: number; readonly open: readonly string[] } | undefined;
}

/** A program that left nothing and ended by itself. */
export const NOTHING_LEFT = { listeners: 0, open: [] };

/** A program that has been started. */
export class Running {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly #probe: Readable;
  readonly #exit: Promise<unknown[]>;
  readonly #written = new Map<Readable, Written>();

  constructor(child: ChildProcess) {
    this.child = child;
    [this.stdin, this.stdout, this.stderr, this.#probe] = child.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      Readable,
    ];
    // Its end may come while something is written to it.
    this.stdin.on("error", () => {});
    this.#exit = once(child, "exit");
  }

  /**
   * Waits until the program has written something on stdout, which may have been written already.
   *
   * @param what a text, or a pattern whose match is given
   * @param stream where it is looked for; stdout unless given
   */
  says(what: string | RegExp, stream: Readable = this.stdout): Promise<RegExpMatchArray> {
    return this.#read(stream).holds(what, () => this.#all());
  }

  /** Sends a signal, and waits for the end. */
  endBy(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.end();
  }

  /** Waits for the end. */
  async end(): Promise<Ended> {
    const [[code, signal], stdout, stderr, left] = await Promise.all([
      this.#exit as Promise<[number | null, NodeJS.Signals | null]>,
      this.#read(this.stdout).whole(),
      this.#read(this.stderr).whole(),
      text(this.#probe),
    ]);
    return { code, signal, stdout, stderr, left: left === "" ? undefined : JSON.parse(left) };
  }

  #read(stream: Readable): Written {
    const written = this.#written.get(stream) ?? new Written(stream);
    this.#written.set(stream, written);
    return written;
  }

  #all(): string {
    return `stdout:\n${this.#read(this.stdout).text}\nstderr:\n${this.#read(this.stderr).text}`;
  }
}

/** What has come from a stream. */
class Written {
  text = "";
  readonly #stream: Readable;
  readonly #ended: Promise<unknown>;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.setEncoding("utf8").on("data", (chunk: string) => (this.text += chunk));
    this.#ended = once(stream, "close");
  }

  async whole(): Promise<string> {
    await this.#ended;
    return this.text;
  }

  holds(what: string | RegExp, all: () => string): Promise<RegExpMatchArray> {
    const found = (): RegExpMatchArray | null =>
      typeof what !== "string" ? what.exec(this.text) : this.text.includes(what) ? [what] : null;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = found();
        if (match === null) return;
        this.#stream.off("data", look);
        resolve(match);
      };
      this.#stream.on("data", look);
      void this.#ended.then(() =>
        reject(new Error(`The program ended and has not said ${String(what)}.\n${all()}`)),
      );
      look();
    });
  }
}
