import { setTimeout as sleep } from "node:timers/promises";

/** Resolves as soon as something holds that other threads bring about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(1);
}

/** Memory that is shared with a job. */
export function sharedWords(length = 2): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** What a promise fails with. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}
