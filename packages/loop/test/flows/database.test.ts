// A real database client under tasks: PostgreSQL itself, as PGlite has it in WebAssembly. It knows no AbortSignal: a query that
// nobody wants any more runs to its end, and the connection serves the next.
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { abortable } from "../../src/abortable.js";
import { createTask } from "../../src/create-task.js";
import { ensureFuture } from "../../src/ensure-future.js";
import { Event } from "../../src/event.js";
import { gather } from "../../src/gather.js";
import { run } from "../../src/run.js";
import { sleep } from "../../src/sleep.js";
import { taskGroup } from "../../src/task-group.js";
import { timeout } from "../../src/timeout.js";

let database: PGlite;

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec("CREATE TABLE account (name text PRIMARY KEY, balance integer NOT NULL)");
}, 60_000);

afterAll(async () => {
  await database.close();
});

async function names(): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>("SELECT name FROM account ORDER BY name");
  return rows.map(({ name }) => name);
}

const insert = (name: string): Promise<unknown> =>
  database.query("INSERT INTO account VALUES ($1, 0)", [name]);

test("queries of many tasks run side by side on one connection", async () => {
  await run(async () => {
    await gather(["ann", "bob", "cid"].map((name) => () => insert(name)));
    expect(await names()).toEqual(["ann", "bob", "cid"]);
    await database.query("DELETE FROM account");
  });
});

test("a task that is cancelled lets go of the query's result, and the connection serves the next query", async () => {
  await run(async () => {
    const isInside = new Event();
    const isCancelled = new Event();
    const before = createTask(() =>
      database.transaction(async () => {
        isInside.set();
        await isCancelled.wait();
      }),
    );
    await isInside.wait();
    const query = database.query("SELECT 42 AS answer");
    const task = createTask(() => ensureFuture(query));
    await sleep(0);
    task.cancel("enough");
    await expect(task).rejects.toThrow("enough");
    isCancelled.set();
    await before;
    expect(await names()).toEqual([]);
    expect((await query).rows).toEqual([{ answer: 42 }]);
  });
});

test("in 'abortable' the task waits for the query that it began, and its result wins", async () => {
  await run(async () => {
    const task = createTask(async () => {
      await abortable(() => insert("dan"));
      return "inserted";
    });
    await sleep(0);
    await sleep(0);
    task.cancel();
    expect(await task).toBe("inserted");
    expect(await names()).toEqual(["dan"]);
    await database.query("DELETE FROM account");
  });
});

test("a task that is cancelled inside a transaction rolls it back, before the next query", async () => {
  await run(async () => {
    const isInside = new Event();
    const task = createTask(() =>
      database.transaction(async (transaction) => {
        await transaction.query("INSERT INTO account VALUES ('eve', 0)");
        isInside.set();
        await sleep(3_600_000);
      }),
    );
    await isInside.wait();
    task.cancel("enough");
    // It waits for the transaction's end: PGlite has one connection.
    expect(await names()).toEqual([]);
    await expect(task).rejects.toThrow("enough");
    expect(task.cancelled()).toBe(true);
  });
});

test("a deadline around a transaction, and a failure beside it, roll it back as well", async () => {
  await run(async () => {
    const transaction = (then: () => Promise<unknown>): Promise<unknown> =>
      database.transaction(async (query) => {
        await query.query("INSERT INTO account VALUES ('fay', 0)");
        await then();
      });
    const late = timeout(1, () => transaction(() => sleep(3_600_000).then()));
    await expect(late).rejects.toThrow("its time is over");
    const isInside = new Event();
    const failing = taskGroup(async (tasks) => {
      void tasks.createTask(() =>
        transaction(() => {
          isInside.set();
          return sleep(3_600_000).then();
        }),
      );
      await isInside.wait();
      throw new Error("a failure beside it");
    });
    await expect(failing).rejects.toMatchObject({ errors: [new Error("a failure beside it")] });
    expect(await names()).toEqual([]);
  });
});

test("a failed statement fails its task only", async () => {
  await run(async () => {
    await expect(createTask(() => database.query("SELECT nothing FROM nowhere"))).rejects.toThrow(
      "nowhere",
    );
    expect(await names()).toEqual([]);
  });
});
