import { expect, test } from "vitest";
import { moduleRef } from "../../src/module-ref.js";
import { ThreadExecutor } from "../../src/thread-executor.js";
import { WorkReferenceError } from "../../src/work-reference-error.js";
import { importModule } from "../../src/worker/import-module.js";
import { work } from "../built-work.js";
import { errorOf } from "../until.js";

test("imports what the platform reads", async () => {
  expect(await importModule(work.add.module)).toHaveProperty("add");
});

test("says which module cannot be found", async () => {
  const error = await errorOf(importModule(new URL("no-such-file.mjs", import.meta.url).href));
  expect(error).toBeInstanceOf(WorkReferenceError);
  expect((error as Error).message).toContain("no-such-file.mjs in a thread");
});

test("passes on what a module throws", async () => {
  expect(await errorOf(importModule("data:text/javascript,throw new TypeError('broken')"))).toEqual(
    new TypeError("broken"),
  );
});

test("reads TypeScript by the project's tsx, with files named as they will be when built", async () => {
  await using executor = new ThreadExecutor();
  const typed = moduleRef<typeof import("../typed-work.js")>(
    new URL("../typed-work.ts", import.meta.url),
  );
  expect(await executor.submit(typed.shout, ["hello"])).toBe("HELLO!");
}, 20_000);

test("takes the source of a module that is named as it will be when built", async () => {
  await using executor = new ThreadExecutor();
  const typed = moduleRef(() => import("../typed-work.js"), import.meta);
  expect(await executor.submit(typed.shout, ["hello"])).toBe("HELLO!");
}, 20_000);
