// SIGINT while a main task runs, as in asyncio: the first one cancels the task, and the second one ends the process. Where somebody
// else listens to SIGINT, while a handler or receiver of ours takes it, or where signals do not arrive (in workers and browsers),
// nothing is done.
import { asSignalFallback, isSignalClaimed, type SignalListeners } from "@trestle/host";
import type { Task } from "./task.js";

/** What this needs of a process. */
export interface InterruptedProcess extends SignalListeners {
  readonly pid: number;
  on(signal: "SIGINT", listener: () => void): unknown;
  off(signal: "SIGINT", listener: () => void): unknown;
  listenerCount(signal: "SIGINT"): number;
  kill(pid: number, signal: "SIGINT"): unknown;
}

/** Listens to SIGINT for one main task. */
export class Interrupts {
  readonly #task: Task<unknown>;
  readonly #process: InterruptedProcess | undefined;
  #count = 0;

  constructor(task: Task<unknown>, process: InterruptedProcess | undefined) {
    this.#task = task;
    this.#process = process?.listenerCount("SIGINT") === 0 ? process : undefined;
    this.#process?.on("SIGINT", this.#heard);
  }

  /** Whether the task was cancelled for it. */
  get any(): boolean {
    return this.#count > 0;
  }

  stop(): void {
    this.#process?.off("SIGINT", this.#heard);
  }

  readonly #heard = asSignalFallback((): void => {
    if (this.#process !== undefined && isSignalClaimed(this.#process, "SIGINT")) return;
    if (this.#count++ === 0 && this.#task.cancel()) return;
    this.stop();
    this.#process?.kill(this.#process.pid, "SIGINT");
  });
}

/** The process that this is, where it is one that signals can be listened to in. */
export function thisProcess(): InterruptedProcess | undefined {
  const { process } = globalThis as { readonly process?: Partial<InterruptedProcess> };
  const isOne = process?.on !== undefined && process.off !== undefined;
  return isOne && process.kill !== undefined ? (process as InterruptedProcess) : undefined;
}
