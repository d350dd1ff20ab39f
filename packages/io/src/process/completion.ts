// A child that is run to its end: its input is written, what is captured of its outputs is gathered from the beginning, whoever
// waits, and it is complete when it has ended and the captured outputs have, which a grandchild may keep open for longer.
import {
  ArgumentError,
  describe,
  failure,
  platformHost,
  success,
  TrestleError,
  type Host,
  type Outcome,
  type Wait,
} from "@trestle/host";
import type { Readable } from "node:stream";
import type { Child } from "./child.js";
import { commandText, type Command } from "./command.js";
import type { OutputSoFar } from "./output-so-far.js";
import type { CompletedProcess } from "./process-failed-error.js";

const LAST_OUTPUT_MS = 200;

/** What is to be done with a child's input and outputs. */
export interface Handling {
  /** Written into its input, which is closed then. */
  readonly input: Uint8Array | undefined;
  readonly captureStdout: boolean;
  readonly captureStderr: boolean;
  /** How many bytes of each output may be captured. */
  readonly captureLimit: number;
}

const MOST_CAPTURED = 2 ** 30;

/** How much of an output may be captured: 1 GiB unless given. @throws ArgumentError for what is no number of bytes */
export function checkCaptureLimit(limit: number = MOST_CAPTURED): number {
  if (limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 0)) return limit;
  throw new ArgumentError(
    `Cannot capture ${describe(limit)} bytes of an output: a whole number is wanted, 0 or more.`,
  );
}

/** A process has written more than may be captured; it was ended. */
export class CaptureLimitError extends TrestleError {
  static override readonly code = "TRESTLE_CAPTURE_LIMIT";

  constructor(command: Command, limit: number) {
    super(
      "CaptureLimitError",
      new.target.code,
      `Cannot capture the output of '${commandText(command)}': it is longer than ${limit} bytes.\n` +
        "Set 'captureLimit' higher, or read the output as a stream.",
    );
  }
}

/** A child on its way to its end. */
export class Completion {
  readonly #child: Child;
  readonly #stdout: Capture | undefined;
  readonly #stderr: Capture | undefined;
  #failed: { readonly error: unknown } | undefined;
  #changed: (() => void) | undefined;

  constructor(child: Child, handling: Handling) {
    const { input, captureStdout, captureStderr, captureLimit: limit } = handling;
    const { command } = child.traits;
    this.#child = child;
    const changed = (error?: unknown): void => {
      if (error !== undefined) this.#failed ??= { error };
      this.#changed?.();
    };
    const capture = (stream: Readable): Capture =>
      new Capture(child.takeOutput(stream), changed, { limit, command });
    if (captureStdout && child.stdout !== undefined) this.#stdout = capture(child.stdout);
    if (captureStderr && child.stderr !== undefined) this.#stderr = capture(child.stderr);
    child.whenEnded(changed);
    // A child need not read its input: that this breaks is no failure, and a listener of the child's hears of it.
    if (input !== undefined) child.stdin?.end(input);
  }

  /** What was captured until now. */
  output(): OutputSoFar {
    return { stdout: this.#stdout?.bytes(), stderr: this.#stderr?.bytes() };
  }

  /** Ends when the child is complete. Who withdraws leaves it to go on. One waits at a time, and the host is held. */
  wait(host: Host): Wait<CompletedProcess> {
    return (resume) => {
      const release = host.hold(`the end of ${this.#child.description}`);
      const leave = (): void => {
        this.#changed = undefined;
        release();
      };
      const look = (): void => {
        const outcome = this.#outcome();
        if (outcome === undefined) return;
        leave();
        resume(outcome);
      };
      this.#changed = look;
      look();
      return () => {
        leave();
        return "withdrawn";
      };
    };
  }

  /** After the child's end: waits until what it wrote last has been captured, or a grandchild has kept that open for a while. */
  drain(host: Host): Wait<void> {
    return (resume) => {
      const release = host.hold(`the last output of ${this.#child.description}`);
      const clock = platformHost();
      const timer = clock.at(clock.now() + LAST_OUTPUT_MS, () => end());
      const end = (): void => {
        this.#changed = undefined;
        timer.cancel();
        release();
        resume(success());
      };
      const look = (): void => {
        if (!this.#isCapturing) end();
      };
      this.#changed = look;
      look();
      return () => "committed";
    };
  }

  get #isCapturing(): boolean {
    return this.#stdout?.isOpen === true || this.#stderr?.isOpen === true;
  }

  #outcome(): Outcome<CompletedProcess> | undefined {
    if (this.#failed !== undefined) return failure(this.#failed.error);
    const { returnCode, signal, traits } = this.#child;
    if (returnCode === undefined || this.#isCapturing) return undefined;
    return success({ command: traits.command, returnCode, signal, ...this.output() });
  }
}

interface CaptureRule {
  readonly limit: number;
  readonly command: Command;
}

class Capture {
  /** An output without anything in it may have ended before anybody listens. */
  isOpen: boolean;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(stream: Readable, changed: (error?: unknown) => void, rule: CaptureRule) {
    this.isOpen = !stream.readableEnded && !stream.destroyed;
    stream.on("data", (chunk: Uint8Array) => {
      const room = rule.limit - this.#size;
      this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      this.#size += Math.min(chunk.length, room);
      if (chunk.length <= room) return;
      stream.destroy();
      changed(new CaptureLimitError(rule.command, rule.limit));
    });
    const ended = (error?: unknown): void => {
      this.isOpen = false;
      changed(error);
    };
    stream.on("end", () => ended());
    stream.on("close", () => ended());
    stream.on("error", ended);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}
