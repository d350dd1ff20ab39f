import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { openPipeEnds } from "../../src/process/merged-output.js";
import { openDescriptors } from "../processes.js";

test("both outputs of a child arrive through one pipe, in their order, and end", async () => {
  const before = openDescriptors();
  const { near, far } = await openPipeEnds();
  const child = spawn("sh", ["-c", "echo a; echo b >&2; echo c; head -c 1000000 /dev/zero"], {
    stdio: ["ignore", far, far],
  });
  far.destroy();
  const [read] = await Promise.all([text(near), once(child, "exit")]);
  expect([read.slice(0, 6), read.length]).toEqual(["a\nb\nc\n", 1_000_006]);
  near.destroy();
  await vi.waitFor(() => expect(openDescriptors()).toBe(before));
});

test("nothing is left in the folder for temporary files", async () => {
  const { near, far } = await openPipeEnds();
  near.destroy();
  far.destroy();
  const left = (await readdir(tmpdir())).filter((name) => /^trestle-\w{6}$/u.test(name));
  expect(left).toEqual([]);
});

test("where there is no place for it, that is said, and nothing is left", async () => {
  const before = openDescriptors();
  vi.stubEnv("TMPDIR", "/trestle/has/no/such/folder");
  await expect(openPipeEnds()).rejects.toMatchObject({ code: "ENOENT" });
  vi.stubEnv("TMPDIR", `/tmp/../${"tmp/../".repeat(20)}tmp`);
  await openPipeEnds().then(
    ({ near, far }) => [near, far].forEach((end) => end.destroy()),
    () => {},
  );
  vi.unstubAllEnvs();
  await vi.waitFor(() => expect(openDescriptors()).toBe(before));
});
