import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InlineExecutor } from "trestle/executor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compressFile } from "../src/work.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "job-runner-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a cancelled compression ends in the middle, and the file is as it was before", async () => {
  const into = path.join(folder, "packed");
  await writeFile(into, "from before");
  await using executor = new InlineExecutor();
  // It has no end.
  const job = executor.submit(compressFile, ["/dev/zero", into], { onCancel: "cooperative" });
  await vi.waitUntil(async () => (await readdir(folder)).length === 2);
  job.cancel();
  await expect(job).rejects.toMatchObject({ code: "TRESTLE_JOB_CANCELLED" });
  expect(await readdir(folder)).toEqual(["packed"]);
  expect(await readFile(into, "utf8")).toBe("from before");
});

test("a compression that fails leaves nothing", async () => {
  const into = path.join(folder, "packed");
  await using executor = new InlineExecutor();
  await expect(
    executor.submit(compressFile, [path.join(folder, "gone"), into]),
  ).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(folder)).toEqual([]);
});
