import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gone } from "@trestle-tooling/programs/gone";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Running } from "@trestle-tooling/programs/running";
import { afterEach, beforeEach, expect, test } from "vitest";

const { start, run } = programIn(import.meta.url);

let folder: string;
let source: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "watch-rebuild-"));
  source = path.join(folder, "src");
  await mkdir(source);
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes the file that is built, as a whole: nobody sees a half of it. */
async function write(text: string): Promise<void> {
  const draft = path.join(folder, "draft");
  await writeFile(draft, text);
  await rename(draft, path.join(source, "script"));
}

/** Starts the program; what is built is a script, and building is running it. */
async function watching(script: string, ...words: readonly string[]): Promise<Running> {
  await write(script);
  const build = ["--", "sh", path.join(source, "script")];
  return start("--watch", source, "--delay", "20", ...words, ...build);
}

async function ended(running: Running, signal: NodeJS.Signals = "SIGINT"): Promise<void> {
  const { code, stderr, left } = await running.endBy(signal);
  expect({ code, stderr, left }).toEqual({ code: 130, stderr: "", left: NOTHING_LEFT });
}

test("builds, and builds again when something has changed, until Ctrl-C", async () => {
  const running = await watching("echo the first one");
  await running.says(
    `Watching ${source}, and building by: sh ${source}/script\nBuilding.\nthe first one\nThe build is good.\n`,
  );
  await write("echo the second one; exit 3");
  await running.says(`Changed: ${source}/script.\nBuilding.\n`);
  await running.says("the second one\nThe build has failed: it ended with the code 3.\n");
  await write("echo the third one");
  await running.says("the third one\nThe build is good.\n");
  await ended(running);
});

test("a change ends the build that runs, with all that it has started, and builds anew", async () => {
  const running = await watching("sleep 600 & echo begun by $!; wait");
  const [, pid] = await running.says(/begun by (\d+)\n/u);
  await write("echo the second one");
  await running.says("The build was given up.\n");
  await running.says("the second one\nThe build is good.\n");
  await gone(Number(pid));
  await ended(running);
});

test("Ctrl-C ends the build that runs, with all that it has started", async () => {
  const running = await watching("sleep 600 & echo begun by $!; wait");
  const [, pid] = await running.says(/begun by (\d+)\n/u);
  await ended(running);
  await gone(Number(pid));
});

test("what serves is started anew after each good build, and ends with the program", async () => {
  const serve = `sleep 600 & echo served by $!: "$(cat ${source}/script)"; wait`;
  const running = await watching(": one", "--serve", serve);
  const [, first] = await running.says(/served by (\d+): : one\n/u);
  await write("exit 1 # two");
  await running.says("The build has failed: it ended with the code 1.\n");
  await write(": three");
  const [, second] = await running.says(/served by (\d+): : three\n/u);
  await gone(Number(first));
  await ended(running);
  await gone(Number(second));
});

test("a line for the shell builds as well", async () => {
  await write("echo a script");
  const running = start("--watch", source, "--build", `sh ${source}/script | tr a-z A-Z`);
  await running.says("\nBuilding.\nA SCRIPT\nThe build is good.\n");
  await ended(running);
});

test.each([
  [[], 'Cannot build: no command was named. Give --build LINE, or one after "--".\n'],
  [["--build", "x", "--", "y"], 'Cannot build by --build and by "y": give one of them.\n'],
  [["--build", " "], 'Cannot use --build " ": it takes a command.\n'],
  [["--build", "x", "--serve", ""], 'Cannot use --serve "": it takes a command.\n'],
  [["--", ""], 'Cannot build by "": the name of the program is empty.\n'],
  [["--delay", "1s", "--", "true"], 'Cannot use --delay "1s": it takes milliseconds, a whole '],
  [["--grace", "-1", "--", "true"], "Option '--grace' argument is ambiguous"],
  [["--unknown", "--", "true"], "Unknown option '--unknown'"],
  [["--watch", "no/folder", "--", "true"], 'Cannot watch "no/folder": there is no such folder.\n'],
])("%j is told to be wrong", async (words, message) => {
  const { stderr, ...end } = await run(...words);
  expect(end).toEqual({ code: 2, signal: null, stdout: "", left: NOTHING_LEFT });
  expect(stderr).toContain(message);
});

test.each([
  ["builds", ["--", "no-such-program"]],
  ["serves", ["--serve", "exit 3", "--", "no-such-program"]],
])("a program that is not there and %s ends it", async (_what, words) => {
  const { code, stderr, left } = await run("--watch", source, ...words);
  expect({ code, left }).toEqual({ code: 2, left: NOTHING_LEFT });
  expect(stderr).toContain("Cannot start 'no-such-program': the program was not found.\n");
});

test("--help tells how it is called", async () => {
  const end = await run("--help");
  expect(end).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
  expect(end.stdout).toContain("Usage: watch-rebuild [options] --build LINE\n");
});
