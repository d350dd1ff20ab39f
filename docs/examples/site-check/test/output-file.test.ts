import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { ProcessFailedError } from "@trestle/io";
import { fromPromise, openNursery, run } from "@trestle/structured";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../src/arguments.js";
import { checkOutputFile, writeOutputFile } from "../src/output-file.js";
import { pathWithGzip } from "./fake-gzip.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "output-file-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("writes a text, and replaces what was there", async () => {
  const file = path.join(folder, "report");
  await writeFile(file, "what was there, and is longer");
  await run(() => writeOutputFile(file, "größer\n"));
  expect(await readFile(file, "utf8")).toBe("größer\n");
  expect(await readdir(folder)).toEqual(["report"]);
});

test("compresses by the name of the file, also what does not fit into a pipe", async () => {
  const file = path.join(folder, "report.gz");
  const text = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join("");
  await run(() => writeOutputFile(file, text));
  const compressed = await readFile(file);
  expect(gunzipSync(compressed).toString()).toBe(text);
  expect(compressed.length).toBeLessThan(text.length / 2);
  expect(await readdir(folder)).toEqual(["report.gz"]);
});

test("leaves what was there where compressing fails", async () => {
  vi.stubEnv("PATH", await pathWithGzip("head -c 3; exit 4"));
  const file = path.join(folder, "report.gz");
  await writeFile(file, "before");
  await expect(run(() => writeOutputFile(file, "text"))).rejects.toThrow(ProcessFailedError);
  expect(await readFile(file, "utf8")).toBe("before");
  expect(await readdir(folder)).toEqual(["report.gz"]);
});

test("cancelled while it compresses, leaves neither a process nor a file", async () => {
  const begun = path.join(folder, "begun");
  execFileSync("mkfifo", [begun]);
  const script = `head -c 3; echo $$ > "${begun}"; exec sleep 600`;
  vi.stubEnv("PATH", await pathWithGzip(script));
  const file = path.join(folder, "report.gz");
  let pid = 0;
  await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(() => writeOutputFile(file, "text"));
      // A pipe is read when the script has written.
      pid = Number(yield* fromPromise(readFile(begun, "utf8")));
      nursery.cancelScope.cancel("enough");
    }),
  );
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(await readdir(folder)).toEqual(["begun"]);
});

test("where the file cannot get its name, nothing is left beside it", async () => {
  const file = path.join(folder, "folder");
  await mkdir(path.join(file, "with-something"), { recursive: true });
  await expect(run(() => writeOutputFile(file, "text"))).rejects.toThrow("rename");
  expect(await readdir(folder)).toEqual(["folder"]);
});

test("refuses early what cannot be written", async () => {
  const check = (name: string): Promise<void> =>
    run(() => checkOutputFile(path.join(folder, name)));
  await writeFile(path.join(folder, "file"), "");
  await symlink("file", path.join(folder, "link"));
  await check("new");
  await check("file");
  await expect(check("no/new")).rejects.toThrow(UsageError);
  await expect(check("no/new")).rejects.toThrow("there is no folder");
  await expect(check("link")).rejects.toThrow("it is there, and no ordinary file");
  await expect(check(".")).rejects.toThrow("it is there, and no ordinary file");
  await expect(run(() => checkOutputFile("/dev/null"))).rejects.toThrow(UsageError);
});
