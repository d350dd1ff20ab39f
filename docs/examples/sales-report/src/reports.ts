// What is asked, each as one statement. The last one would take about forever.
import type { Operation } from "@trestle/structured";
import type { Sql } from "postgres";
import { rowsOf } from "./rows-of.js";

/** Makes the tables, with half a million orders in a year. */
export function* fill(sql: Sql): Operation<void> {
  yield* rowsOf(sql`create table product (name text primary key, price int not null)`);
  yield* rowsOf(sql`insert into product values ('cup', 5), ('pot', 30), ('spoon', 2)`);
  yield* rowsOf(sql`
    create table sale as
    select id, date '2026-01-01' + id % 365 as day, (array['cup', 'pot', 'spoon'])[id % 3 + 1] as product, id % 7 + 1 as amount
    from generate_series(1, 200000) id`);
}

/** A report: its title, and the operation that gives its lines. */
export interface Report {
  readonly title: string;
  lines(sql: Sql): Operation<readonly string[]>;
}

export const REPORTS: readonly Report[] = [
  {
    title: "Revenue by product",
    *lines(sql) {
      const rows = yield* rowsOf(sql<{ product: string; revenue: number }[]>`
        select product, sum(amount * price)::int as revenue
        from sale join product on product = name
        group by product order by revenue desc`);
      return rows.map(({ product, revenue }) => `${product.padEnd(8)}${revenue}`);
    },
  },
  {
    title: "Busiest days",
    *lines(sql) {
      const rows = yield* rowsOf(sql<{ day: string; total: number }[]>`
        select to_char(day, 'YYYY-MM-DD') as day, sum(amount)::int as total
        from sale group by day order by total desc, day limit 3`);
      return rows.map(({ day, total }) => `${day}  ${total}`);
    },
  },
  {
    title: "Sales that are alike",
    *lines(sql) {
      const rows = yield* rowsOf(sql<{ count: string }[]>`
        select count(*) from sale a, sale b where a.amount + b.amount > a.id % 9`);
      return rows.map(({ count }) => count);
    },
  },
];
