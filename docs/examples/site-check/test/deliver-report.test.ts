import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { fromPromise, run, sleepForever } from "@trestle/structured";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deliverReport, type Destination } from "../src/deliver-report.js";
import { pathWithGzip } from "./fake-gzip.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "deliver-report-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

class Screen extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.text += chunk.toString();
    callback();
  }
}

const QUIET: Destination["interrupts"] = { wait: sleepForever, signal: undefined };

async function delivered(changes: Partial<Destination>): Promise<unknown> {
  const [stdout, stderr] = [new Screen(), new Screen()];
  const standard = { output: undefined, timeout: 60_000, interrupts: QUIET };
  const isThere = await run(() =>
    deliverReport("report\n", { ...standard, stdout, stderr, ...changes }),
  );
  return { isThere, stdout: stdout.text, stderr: stderr.text };
}

test("prints where no file is wanted", async () => {
  expect(await delivered({})).toEqual({ isThere: true, stdout: "report\n", stderr: "" });
});

test("writes the file that is wanted, and prints nothing", async () => {
  const output = path.join(folder, "report.gz");
  expect(await delivered({ output })).toEqual({ isThere: true, stdout: "", stderr: "" });
  expect(gunzipSync(await readFile(output)).toString()).toBe("report\n");
});

test("writes the file also for who has interrupted before", async () => {
  const output = path.join(folder, "report");
  const interrupts = { wait: sleepForever, signal: "SIGINT" } as const;
  expect(await delivered({ output, interrupts })).toMatchObject({ isThere: true, stdout: "" });
  expect(await readFile(output, "utf8")).toBe("report\n");
});

test.each([
  ["fails", "exit 4", 60_000, "Cannot run 'gzip -n': it ended with the code 4."],
  ["takes too long", "exec sleep 600", 300, "it is not done within 300 ms."],
])("prints where gzip %s, and says why", async (_what, script, timeout, reason) => {
  vi.stubEnv("PATH", await pathWithGzip(script));
  const output = path.join(folder, "report.gz");
  expect(await delivered({ output, timeout })).toEqual({
    isThere: false,
    stdout: "report\n",
    stderr: `Cannot write "${output}": ${reason}\nThe result is printed instead.\n`,
  });
  expect(await readdir(folder)).toEqual([]);
});

test("prints where there is no gzip", async () => {
  vi.stubEnv("PATH", folder);
  const output = path.join(folder, "report.gz");
  expect(await delivered({ output })).toMatchObject({
    isThere: false,
    stdout: "report\n",
    stderr: expect.stringContaining("Cannot start 'gzip -n': the program was not found."),
  });
});

test("prints where somebody interrupts while gzip is at work, which is ended", async () => {
  const begun = path.join(folder, "begun");
  execFileSync("mkfifo", [begun]);
  vi.stubEnv("PATH", await pathWithGzip(`echo $$ > "${begun}"; exec sleep 600`));
  const output = path.join(folder, "report.gz");
  let pid = 0;
  const interrupts = {
    signal: undefined,
    *wait() {
      pid = Number(yield* fromPromise(readFile(begun, "utf8")));
    },
  };
  expect(await delivered({ output, interrupts })).toEqual({
    isThere: false,
    stdout: "report\n",
    stderr: `Cannot write "${output}": interrupted.\nThe result is printed instead.\n`,
  });
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(await readdir(folder)).toEqual(["begun"]);
});
