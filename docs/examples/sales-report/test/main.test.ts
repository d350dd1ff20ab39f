import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { programIn, type Program } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });

/** A program with a folder for temporary things of its own. */
async function programWithFolder(): Promise<{ program: Program; folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // The server may run as somebody else.
  await chmod(folder, 0o755);
  return { program: programIn(import.meta.url, { TMPDIR: folder }), folder };
}

test("prints what comes in time, and cancels the rest in the database", async () => {
  const ended = await programIn(import.meta.url).run("--deadline", "6000");
  expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
  expect(ended.stdout).toContain(
    "Revenue by product:\n  pot     7999980\n  cup     1333330\n  spoon   533330\n",
  );
  expect(ended.stdout).toContain("Busiest days:\n  2026-");
  expect(ended.stdout).toContain("Sales that are alike:\n  cancelled after 6000 ms\n");
  expect(ended.stdout).toContain("Prices:\n  cancelled after 6000 ms\n");
  expect(ended.stdout.endsWith("No query runs any more, and a spoon costs 2.\n")).toBe(true);
});

test("Ctrl-C cancels the queries, ends the server, and removes its folder", async () => {
  const { program, folder } = await programWithFolder();
  const running = program.start("--deadline", "600000");
  await running.says("Busiest days");
  const ended = await running.endBy("SIGINT");
  expect(ended).toMatchObject({ code: 130, stderr: "", left: NOTHING_LEFT });
  expect(await readdir(folder)).toEqual([]);
});

test("Ctrl-C while the server starts leaves nothing either", async () => {
  const { program, folder } = await programWithFolder();
  const running = program.start();
  await vi.waitUntil(async () => (await readdir(folder)).length > 0, 60_000);
  const ended = await running.endBy("SIGINT");
  expect(ended).toMatchObject({ code: 130, stdout: "", stderr: "", left: NOTHING_LEFT });
  expect(await readdir(folder)).toEqual([]);
});

test("a wrong call is told", async () => {
  const ended = await programIn(import.meta.url).run("--deadline", "0");
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain('Cannot use --deadline "0": it takes milliseconds, 1 or more.');
});
