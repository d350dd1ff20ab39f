import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DeadlockError } from "@trestle/host";
import { expect, test, vi } from "vitest";
import { CancelledError } from "../src/cancelled-error.js";
import { createTask } from "../src/create-task.js";
import { sleep } from "../src/sleep.js";
import { FailureBook } from "../src/unseen-failures.js";
import { messages } from "./on-virtual-time.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function open(): { book: FailureBook; reports: string[] } {
  const reports: string[] = [];
  return {
    book: new FailureBook((error, what) => reports.push(`${what}: ${String(error)}`)),
    reports,
  };
}

test("reports what nobody has looked at, once", () => {
  const { book, reports } = open();
  const futures = [{}, {}, {}];
  const entries = futures.map((future, index) =>
    book.enter(future, `error ${index}`, `future ${index}`),
  );
  book.strike(entries[1] as NonNullable<(typeof entries)[1]>);
  book.report(entries[0] as NonNullable<(typeof entries)[0]>);
  book.reportAll();
  book.reportAll();
  expect(reports).toEqual(["future 0: error 0", "future 2: error 2"]);
});

test("a cancellation is no failure, and a deadlock is told elsewhere", () => {
  const { book, reports } = open();
  book.enter({}, new CancelledError(), "future");
  book.enter({}, new DeadlockError([]), "future");
  book.reportAll();
  expect(reports).toEqual([]);
});

test("what is collected unseen is reported then", async () => {
  const { book, reports } = open();
  const kept = {};
  book.enter(kept, "kept", "one");
  (() => book.enter({}, "lost", "other"))();
  await vi.waitFor(() => {
    collectGarbage();
    expect(reports).toEqual(["other: lost"]);
  });
  book.reportAll();
  expect([reports, kept]).toEqual([["other: lost", "one: kept"], {}]);
});

test("a task that fails in its first step is collected, whatever its error has seen", async () => {
  const log = await messages(async ({ log, loop }) => {
    const gone: string[] = [];
    loop.setExceptionHandler((_, { message }) => gone.push(message) && log(message));
    void createTask(async function atOnce() {
      throw new Error("no", { cause: new Error("why") });
    });
    await sleep(1);
    await vi.waitFor(() => {
      collectGarbage();
      if (gone.length === 0) throw new Error("not yet");
    });
    log("collected");
  });
  expect(log).toEqual(["Nobody looked at the failure of task 'atOnce'", "collected"]);
});

test("an error whose stack cannot be read is entered all the same", () => {
  const { book, reports } = open();
  const error = new Error("own");
  Object.defineProperty(error, "stack", {
    get: () => {
      throw new Error("no stack");
    },
  });
  book.enter({}, error, "future");
  book.reportAll();
  expect(reports).toEqual(["future: Error: own"]);
});

test("every way of looking at a failure counts, and a later one too", async () => {
  const log = await messages(async ({ log, loop }) => {
    loop.setExceptionHandler((_, { message }) => log(message));
    const fail = async (): Promise<never> => {
      throw new Error("no");
    };
    const tasks = Array.from({ length: 5 }, () => createTask(fail));
    (tasks[4] as NonNullable<(typeof tasks)[4]>).name = "unseen";
    await tasks[0]?.catch(() => {});
    await sleep(1);
    expect(tasks[1]?.exception()).toBeInstanceOf(Error);
    expect(() => tasks[2]?.result()).toThrow("no");
    await tasks[3]?.then(undefined, () => {});
    log("closing");
  });
  expect(log).toEqual(["closing", "Nobody looked at the failure of task 'unseen'"]);
});
