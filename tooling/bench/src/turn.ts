// How a task gives up its turn where the library has no word for it.
import { action, type Operation } from "effection";

/** An await of it lets the other async functions go on that are ready. */
export async function nativeTurn(): Promise<void> {}

/** Effection's shortest way through its queue of what is ready. */
export function effectionTurn(): Operation<void> {
  return action<void>(resolved);
}

function resolved(resolve: (value: void) => void): () => void {
  resolve();
  return () => {};
}
