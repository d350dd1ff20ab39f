// The thread between a blocked parent and the thread that works for it. One that runs out of memory tells nobody any more but
// whoever has started it, by events; a blocked parent hears no events, but it hears the bell.
import { Worker, type MessagePort } from "node:worker_threads";
import { encodeError, type EncodedError } from "../encode-error.js";
import { Word, type ThreadData } from "../protocol.js";

/** What the supervisor is started with. */
export interface SupervisorData {
  readonly inner: ThreadData;
  /** The text of the bootstrap. */
  readonly text: string;
  /** Where it tells why the thread has ended. */
  readonly obituaries: MessagePort;
}

/** Starts the thread, and rings when it has ended. */
export function supervise({ inner, text, obituaries }: SupervisorData): void {
  let error: EncodedError | undefined;
  const ended = (exitCode: number): void => {
    if (error !== undefined) obituaries.postMessage(error, []);
    const { words } = inner;
    Atomics.store(words, Word.exitCode, exitCode);
    Atomics.store(words, Word.exited, 1);
    Atomics.add(words, Word.parentBell, 1);
    Atomics.notify(words, Word.parentBell);
  };
  try {
    const worker = new Worker(text, {
      eval: true,
      workerData: inner,
      transferList: [inner.port],
    });
    worker.on("error", (reason) => (error = encodeError(reason)));
    worker.on("exit", ended);
  } catch (reason) {
    // The platform makes no more threads.
    error = encodeError(reason);
    ended(1);
  }
}
