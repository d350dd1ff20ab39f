// Several reports at once, each with a deadline of its own, from a PostgreSQL that lives as long as the program.
import { openLoop } from "@trestle/bridge";
import {
  failAfter,
  main,
  moveOnAfter,
  openNursery,
  sleep,
  using,
  type Operation,
} from "@trestle/structured";
import postgres, { type Sql } from "postgres";
import { raisePrices } from "./raise-prices.js";
import { fill, REPORTS } from "./reports.js";
import { rowsOf } from "./rows-of.js";
import { readSettings } from "./settings.js";
import { temporaryServer } from "./temporary-server.js";

void main(function* (): Operation<void> {
  const { deadline } = readSettings(process.argv.slice(2));
  yield* temporaryServer((folder) =>
    openLoop(() =>
      using(database(folder), function* (sql): Operation<void> {
        yield* fill(sql);
        console.log("The database is ready.");
        yield* openNursery(function* (nursery): Operation<void> {
          for (const report of REPORTS) {
            nursery.startSoon(within, deadline, report.title, () => report.lines(sql));
          }
          nursery.startSoon(within, deadline, "Prices", () => raisePrices(sql, 600_000));
        });
        yield* checkUp(sql);
      }),
    ),
  );
});

/** Prints what comes, or that nothing came in time. */
function* within(
  ms: number,
  title: string,
  body: () => Operation<readonly string[] | void>,
): Operation<void> {
  const { value, cancelledCaught } = yield* moveOnAfter(ms, body);
  const lines = cancelledCaught ? [`cancelled after ${ms} ms`] : (value ?? ["done"]);
  console.log(`${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}

/** Looks into the database: nothing goes on there, and no price has changed. */
function* checkUp(sql: Sql): Operation<void> {
  // A cancelled query has told us so a moment before its connection is idle again.
  yield* failAfter(5000, function* (): Operation<void> {
    while ((yield* busyConnections(sql)) > 0) yield* sleep(10);
  });
  const [spoon] = yield* rowsOf(sql<{ price: number }[]>`
    select price from product where name = 'spoon'`);
  console.log(`No query runs any more, and a spoon costs ${spoon?.price}.`);
}

function* busyConnections(sql: Sql): Operation<number> {
  const [row] = yield* rowsOf(sql<{ count: number }[]>`
    select count(*)::int from pg_stat_activity
    where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`);
  return row?.count ?? 0;
}

/** A pool of connections, which is closed at the end. */
function database(folder: string): Sql & AsyncDisposable {
  const sql = postgres({ host: folder, user: "postgres", max: 5, onnotice: () => {} });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) });
}
