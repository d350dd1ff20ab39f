// What a thread and its parent tell each other: messages over a port, and a few words of shared memory for what must not wait
// for a turn of the other side's event loop.
import type { EncodedError } from "./encode-error.js";

/** The name of the module that stands for what the thread's own file exposes. */
export const EXPOSED = "trestle:exposed";

/** A function in a module, on its way. */
export interface SentWork {
  readonly module: string;
  readonly name: string;
}

/** From the parent to the thread. */
export type ToThread =
  | (SentWork & { readonly kind: "job"; readonly id: number; readonly args: readonly unknown[] })
  | { readonly kind: "cancel"; readonly id: number; readonly reason: unknown }
  | { readonly kind: "answer"; readonly call: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly call: number; readonly error: EncodedError };

/** From the thread to the parent. */
export type FromThread =
  /** The initializer has run, and jobs are taken. */
  | { readonly kind: "ready" }
  /** The initializer has failed. */
  | { readonly kind: "broken"; readonly error: EncodedError }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly error: EncodedError;
      /** Whether the error is that of the job's cancellation. */
      readonly isCancelled: boolean;
      /** Whether something of the job may still be at work in the thread. */
      readonly isStray: boolean;
    }
  /** The job was taken back before it began. */
  | { readonly kind: "skipped"; readonly id: number }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly call: number;
      readonly name: string;
      readonly args: readonly unknown[];
      readonly isBlocking: boolean;
    }
  /** An error after the end of the job that it comes from, or of no job. */
  | {
      readonly kind: "late";
      readonly id: number | undefined;
      readonly name: string | undefined;
      readonly error: EncodedError;
    };

/** What a thread is started with. */
export interface ThreadData {
  readonly port: import("node:worker_threads").MessagePort;
  readonly words: Int32Array;
  readonly initializer: (SentWork & { readonly args: readonly unknown[] }) | undefined;
  /** For a parent that is blocked: see `runUntilComplete`. */
  readonly isDirect?: boolean;
}

/** The words that a thread shares with its parent. */
export const Word = {
  /** How far the job is: one of Phase. */
  phase: 0,
  /** 1 from when the job was cancelled. */
  cancelled: 1,
  /** Counts what the parent has sent, for a thread that stands still. */
  threadBell: 2,
  /** Counts what the thread has sent, for a parent that stands still. */
  parentBell: 3,
  /** 1 from when the thread has ended, and its exit code. */
  exited: 4,
  exitCode: 5,
} as const;

export const WORDS = 6;

/**
 * Both sides may want the job: the parent to take it back, the thread to begin. Whoever swaps the word from `sent` has it.
 *
 *   idle ── parent sends ──▶ sent ── thread ──▶ begun ── parent, at its end ──▶ idle
 *                              └──── parent ──▶ takenBack ── parent, told so ──▶ idle
 */
export const Phase = { idle: 0, sent: 1, begun: 2, takenBack: 3 } as const;
