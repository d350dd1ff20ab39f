import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gone } from "@trestle-tooling/programs/gone";
import { ExitError, fromPromise, openNursery, run, type Operation } from "trestle";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand, textOf } from "../src/command.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "watch-rebuild-"));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  [["sh", "-c", "exit 0"], { isGood: true, how: "ended with the code 0" }],
  ["exit 3", { isGood: false, how: "ended with the code 3" }],
  ["kill -9 $$", { isGood: false, how: "got SIGKILL" }],
])("tells how %j has ended", async (command, ending) => {
  expect(await run(() => runCommand(command, 0))).toEqual(ending);
});

test("cancelled, it ends the command with all that it has started, also where that is not willing", async () => {
  const pids = path.join(folder, "pids");
  // Who ignores a signal hands that on to those whom it starts.
  const line = `trap '' TERM; sleep 600 & echo $$ $! > ${pids}.part; mv ${pids}.part ${pids}; wait`;
  await run(() =>
    openNursery(function* (nursery): Operation<void> {
      nursery.startSoon(() => runCommand(line, 50));
      yield* fromPromise(vi.waitUntil(() => existsSync(pids), { timeout: 30_000 }));
      nursery.cancelScope.cancel();
    }),
  );
  const [shell, child] = (await readFile(pids, "utf8")).split(" ").map(Number);
  await gone(shell as number);
  await gone(child as number);
});

test("a program that is not there ends ours", async () => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(run(() => runCommand(["no-such-program", "x"], 0))).rejects.toThrow(ExitError);
  expect(told.mock.calls.join("")).toContain(
    "Cannot start 'no-such-program x': the program was not found.\n",
  );
});

test("is shown as it was given", () => {
  expect([textOf("make | tail"), textOf(["make", "all"])]).toEqual(["make | tail", "make all"]);
});
