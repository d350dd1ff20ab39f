// Who calls `then` of a future: the platform for an `await`, or somebody with handlers of their own, who want their async context?
//
// The platform reads `then` at the await and calls it in a job, and its handlers have their context already. A context that need not
// be kept saves a tenth of an await where it is kept in resources, as in Node before 24. There the job can be told, too: it
// executes for the promise that is resolved, and not for what executed when `then` was read. Elsewhere one executes for the other,
// or for no promise, and the context is kept. Somebody who reads `then`, and calls it in a reaction of another promise, is taken for
// the platform.
import { executionAsyncId, executionAsyncResource } from "node:async_hooks";

// Not by an import, which would open the standard streams. Wrong, it would cost time and nothing else.
const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
const keepsInResources = Number.parseInt(process?.versions?.node ?? "", 10) < 24;

/** The id of what executes when `then` is read; undefined where it would tell nothing. */
export function readerOfThen(): number | undefined {
  return keepsInResources ? executionAsyncId() : undefined;
}

/**
 * Whether `then` is called by a job of the platform.
 *
 * @param reader what `readerOfThen` gave when `then` was read
 */
export function isAwaitCall(reader: number | undefined): boolean {
  if (reader === undefined || executionAsyncId() === reader) return false;
  return executionAsyncResource() instanceof Promise;
}
