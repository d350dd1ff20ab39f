import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { exitErrorIn, fromPromise, run, type Operation } from "trestle";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isPassedOver, watchFolders } from "../src/watch-folders.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "watch-rebuild-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Watches the folder, and gives a body what it needs: the next change, by its place in the folder. */
function watched(
  body: (next: () => Operation<string>) => Operation<void>,
  ...folders: readonly string[]
): Promise<void> {
  const places = folders.length === 0 ? [folder] : folders.map(inFolder);
  return run(() =>
    watchFolders(places, (changes) =>
      body(function* () {
        return path.relative(folder, yield* changes.receive());
      }),
    ),
  );
}

/** Waits until a file is told, and gives all that was told until then: Node tells some things more than once. */
function* until(file: string, next: () => Operation<string>): Operation<string[]> {
  const told: string[] = [];
  while (!told.includes(file)) told.push(yield* next());
  return told;
}

const inFolder = (name: string): string => path.join(folder, name);
const write = (name: string) => fromPromise(writeFile(inFolder(name), "text"));
const make = (name: string) => fromPromise(mkdir(inFolder(name), { recursive: true }));
const move = (name: string, to: string) => fromPromise(rename(inFolder(name), inFolder(to)));

test("tells what changes in folders, and in folders in them, and nothing of what is hidden", async () => {
  await mkdir(inFolder("one/deep/.git"), { recursive: true });
  await mkdir(inFolder("one/node_modules"));
  await mkdir(inFolder("two"));
  const body = function* (next: () => Operation<string>): Operation<void> {
    yield* write("one/deep/.git/index");
    yield* write("one/node_modules/file");
    yield* write("one/.hidden");
    yield* write("one/deep/file");
    expect(yield* next()).toBe("one/deep/file");
    yield* write("two/file");
    yield* until("two/file", next);
  };
  await watched(body, "one", "two");
});

test("tells of a file that is replaced, each time", async () => {
  await mkdir(inFolder("src"));
  await writeFile(inFolder("src/file"), "first");
  const body = function* (next: () => Operation<string>): Operation<void> {
    for (const mark of ["src/1", "src/2", "src/3"]) {
      yield* write("draft");
      yield* move("draft", "src/file");
      yield* write(mark);
      expect(yield* until(mark, next)).toContain("src/file");
    }
  };
  await watched(body, "src");
});

test("watches folders that come, under the names that they have now", async () => {
  await watched(function* (next) {
    yield* make("new");
    yield* until("new", next);
    yield* make("new/deep");
    yield* until("new/deep", next);
    yield* write("new/deep/one");
    yield* until("new/deep/one", next);
    yield* move("new", "old");
    yield* until("old", next);
    yield* write("old/deep/two");
    const told = yield* until("old/deep/two", next);
    // Nobody listens under the name that it had.
    expect(told.filter((file) => file.startsWith("new/"))).toEqual([]);
    yield* fromPromise(rm(inFolder("old"), { recursive: true }));
    yield* until("old", next);
    yield* make("old");
    yield* until("old", next);
    yield* write("old/three");
    yield* until("old/three", next);
  });
});

test("does not follow links, which may lead in circles", async () => {
  await symlink(folder, inFolder("link"));
  await watched(function* (next) {
    yield* write("file");
    yield* until("file", next);
    yield* fromPromise(symlink(folder, inFolder("another")));
    yield* until("another", next);
  });
});

test.each(["none", "file"])("a folder that is not there is told: %j", async (name) => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await writeFile(inFolder("file"), "text");
  const error = await watched(function* () {}, name).catch((thrown: unknown) => thrown);
  expect(exitErrorIn(error)?.exitCode).toBe(2);
  expect(told.mock.calls.join("")).toBe(
    `Cannot watch "${inFolder(name)}": there is no such folder.\n`,
  );
});

test.each([
  ["file.ts", false],
  ["file.", false],
  [".git", true],
  [".file.swp", true],
  ["node_modules", true],
  ["node_modules.md", false],
])("%j is passed over: %j", (name, isSo) => {
  expect(isPassedOver(name)).toBe(isSo);
});
