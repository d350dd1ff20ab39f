// The client is postgres.js, which knows promises: a query is one, and is sent when it is awaited.
import { asStructured } from "@trestle/bridge";
import { currentTask } from "@trestle/loop";
import type { PendingQuery, Row } from "postgres";

/**
 * Runs a query, and gives its rows. Cancelled, it cancels the query in the database, and waits until that has let go of it: the
 * connection is as good as before.
 *
 * @throws PostgresError
 */
export const rowsOf = asStructured(runQuery);

async function runQuery<T extends readonly Row[]>(query: PendingQuery<T>): Promise<T> {
  // It fires when the structured caller is cancelled.
  const signal = currentTask()?.signal;
  const cancel = (): void => query.cancel();
  signal?.addEventListener("abort", cancel);
  try {
    return await query;
  } catch (error) {
    // "canceling statement due to user request": that was us.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
