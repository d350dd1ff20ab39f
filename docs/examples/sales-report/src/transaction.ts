import { abortable, CancelScope, type Operation } from "@trestle/structured";
import type { ReservedSql, Sql } from "postgres";
import { rowsOf } from "./rows-of.js";

/**
 * Runs a body in a transaction, on a connection that nobody else uses meanwhile. What the body has done counts when it has ended, and
 * is taken back where it fails or is cancelled, wherever that is.
 */
export function* transaction<T>(sql: Sql, body: (sql: ReservedSql) => Operation<T>): Operation<T> {
  // There is no signal to give to it, so a cancellation waits until there is a connection, and has it back.
  const connection = yield* abortable(() => sql.reserve());
  try {
    yield* rowsOf(connection`begin`);
    const value = yield* body(connection);
    yield* rowsOf(connection`commit`);
    return value;
  } catch (error) {
    // A cancelled task cannot wait. This is short, and must be done: it is shielded.
    yield* new CancelScope({ shield: true }).run(() => rowsOf(connection`rollback`));
    throw error;
  } finally {
    connection.release();
  }
}
