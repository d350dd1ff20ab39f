// A change of several steps. It counts as a whole, or not at all.
import type { Operation } from "@trestle/structured";
import type { Sql } from "postgres";
import { rowsOf } from "./rows-of.js";
import { transaction } from "./transaction.js";

/** Doubles all prices, and then waits for an approval that takes so many milliseconds. */
export function raisePrices(sql: Sql, approval: number): Operation<void> {
  return transaction(sql, function* (own): Operation<void> {
    yield* rowsOf(own`update product set price = price * 2`);
    yield* rowsOf(own`select pg_sleep(${approval / 1000})`);
  });
}
