import { run } from "@trestle/bridge";
import { moveOnAfter, using, type Operation } from "@trestle/structured";
import postgres, { type Sql } from "postgres";
import { expect, test, vi } from "vitest";
import { rowsOf } from "../src/rows-of.js";
import { temporaryServer } from "../src/temporary-server.js";
import { transaction } from "../src/transaction.js";

vi.setConfig({ testTimeout: 120_000 });

/** Runs a body with a real server, and a pool of one connection. */
function withDatabase<T>(body: (sql: Sql) => Operation<T>): Promise<T> {
  return run(() =>
    temporaryServer((folder) => {
      const sql = postgres({ host: folder, user: "postgres", max: 1, onnotice: () => {} });
      const pool = Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) });
      return using(pool, body);
    }),
  );
}

test("a query, a deadline and a transaction, with a real server", async () => {
  await withDatabase(function* (sql) {
    const backend = function* (): Operation<number> {
      const [row] = yield* rowsOf(sql<{ pid: number }[]>`select pg_backend_pid() as pid`);
      return row?.pid ?? 0;
    };
    const values = function* (): Operation<number[]> {
      const rows = yield* rowsOf(sql<{ value: number }[]>`select value from test order by value`);
      return rows.map(({ value }) => value);
    };

    // A deadline cancels the query, and the connection is used again.
    const before = yield* backend();
    const slow = yield* moveOnAfter(50, () => rowsOf(sql`select pg_sleep(600)`));
    expect(slow).toEqual({ cancelledCaught: true, value: undefined });
    expect(yield* backend()).toBe(before);

    // An error of the database is an error.
    let thrown: unknown;
    try {
      yield* rowsOf(sql`select 1 / 0`);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(postgres.PostgresError);

    yield* rowsOf(sql`create table test (value int)`);
    const insert = (own: Sql, value: number) => rowsOf(own`insert into test values (${value})`);

    // What a transaction has done counts when it has ended ...
    yield* transaction(sql, (own) => insert(own, 1));
    expect(yield* values()).toEqual([1]);

    // ... and not where it fails ...
    const failing = function* (own: Sql): Operation<void> {
      yield* insert(own, 2);
      throw new RangeError("changed my mind");
    };
    thrown = undefined;
    try {
      yield* transaction(sql, failing);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(new RangeError("changed my mind"));
    expect(yield* values()).toEqual([1]);

    // ... or is cancelled.
    const endless = function* (own: Sql): Operation<void> {
      yield* insert(own, 3);
      yield* rowsOf(own`select pg_sleep(600)`);
    };
    const { cancelledCaught } = yield* moveOnAfter(50, () => transaction(sql, endless));
    expect(cancelledCaught).toBe(true);
    expect(yield* values()).toEqual([1]);
    expect(yield* backend()).toBe(before);
  });
});
