import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { findRedis } from "@trestle-tooling/services/redis";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

const found = findRedis();
const missing = "missing" in found ? found.missing : undefined;
const binary = "missing" in found ? "redis-server" : found.binary;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server, and a connection to look into it. */
async function openRedis(): Promise<{ at: string; redis: Redis }> {
  const folder = await temporaryFolder();
  const at = path.join(folder, "redis.sock");
  const words = ["--port", "0", "--unixsocket", at, "--save", "", "--dir", folder];
  const server = spawn(binary, words, {
    argv0: "redis-server",
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(async () => {
    server.kill();
    await once(server, "exit");
  });
  let said = "";
  server.stdout.on("data", (chunk: Buffer) => (said += String(chunk)));
  await vi.waitUntil(() => /ready to accept/iu.test(said), 30_000);
  const redis = new Redis(at);
  onTestFinished(() => redis.disconnect());
  return { at, redis };
}

/** Who is connected, but for those who ask. */
async function clients(redis: Redis): Promise<string[]> {
  const list = String(await redis.client("LIST"));
  return list.split("\n").filter((line) => line !== "" && !line.includes("cmd=client"));
}

/** A path on which the server is, whatever it is called elsewhere. */
async function pathWithRedis(): Promise<string> {
  const folder = await temporaryFolder();
  await symlink(binary, path.join(folder, "redis-server"));
  return [folder, process.env["PATH"]].join(path.delimiter);
}

describe.skipIf(missing !== undefined)(
  `with a Redis server${missing === undefined ? "" : ` (SKIPPED: ${missing})`}`,
  () => {
    test("does all jobs, and ends when no more come", async () => {
      const { at, redis } = await openRedis();
      const words = ["--redis", at, "--idle", "300", "--jobs", "7"];
      const ended = await programIn(import.meta.url).run(...words);
      expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
      expect(ended.stdout.match(/takes nap/gu)).toHaveLength(7);
      expect(ended.stdout.match(/goes home/gu)).toHaveLength(3);
      // Also the waits that were cancelled are over: nobody stands in line for jobs there.
      await vi.waitUntil(async () => (await clients(redis)).length === 0);
      expect(await redis.keys("*")).toEqual([]);
    });

    test("a job that takes too long, and one that nobody can do, have failed", async () => {
      const { at, redis } = await openRedis();
      await redis.rpush("jobs", "nap 60000", "dance", "nap 1");
      const words = [
        "--redis",
        at,
        "--idle",
        "300",
        "--jobs",
        "0",
        "--deadline",
        "100",
        "--workers",
        "1",
      ];
      const ended = await programIn(import.meta.url).run(...words);
      expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
      expect(ended.stdout).toBe(
        "worker-1 takes nap 60000\nworker-1 fails with nap 60000: TooSlowError\n" +
          "worker-1 takes dance\nworker-1 fails with dance: Error\n" +
          "worker-1 takes nap 1\nworker-1 goes home\n",
      );
      expect(await redis.lrange("jobs:failed", 0, -1)).toEqual(["nap 60000", "dance"]);
      expect(await redis.keys("*")).toEqual(["jobs:failed"]);
    });

    test("Ctrl-C gives the jobs under way back, and closes all connections", async () => {
      const { at, redis } = await openRedis();
      await redis.rpush("jobs", "nap 60000");
      const words = ["--redis", at, "--idle", "60000", "--jobs", "0", "--workers", "2"];
      const running = programIn(import.meta.url).start(...words, "--deadline", "60000");
      await running.says("takes nap 60000");
      const ended = await running.endBy("SIGINT");
      expect(ended).toMatchObject({ code: 130, stderr: "", left: NOTHING_LEFT });
      expect(ended.stdout).toContain("gives 1 back");
      await vi.waitUntil(async () => (await clients(redis)).length === 0);
      expect(await redis.keys("*")).toEqual(["jobs"]);
      expect(await redis.lrange("jobs", 0, -1)).toEqual(["nap 60000"]);
    });

    test("what a worker left that was killed is done by the next of its name", async () => {
      const { at, redis } = await openRedis();
      await redis.rpush("jobs", "nap 60000");
      const words = ["--redis", at, "--jobs", "0", "--workers", "1", "--deadline", "60000"];
      const first = programIn(import.meta.url).start(...words);
      await first.says("takes nap 60000");
      await first.endBy("SIGKILL");
      expect(await redis.lrange("jobs", 0, -1)).toEqual([]);
      const second = programIn(import.meta.url).start(...words);
      await second.says("takes nap 60000");
      await second.endBy("SIGINT");
    });

    test("without an address it has a server of its own, which leaves nothing", async () => {
      const folder = await temporaryFolder();
      const program = programIn(import.meta.url, { TMPDIR: folder, PATH: await pathWithRedis() });
      const ended = await program.run("--idle", "200", "--jobs", "2");
      expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
      expect(await readdir(folder)).toEqual([]);
    });
  },
);

test("says so where there is no server", async () => {
  const nowhere = path.join(await temporaryFolder(), "redis.sock");
  const ended = await programIn(import.meta.url).run("--redis", nowhere);
  expect(ended).toMatchObject({ code: 1, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain("ENOENT");
});

test("says so where there is no redis-server to start", async () => {
  const folder = await temporaryFolder();
  const ended = await programIn(import.meta.url, { TMPDIR: folder, PATH: folder }).run();
  expect(ended).toMatchObject({
    code: 1,
    stdout: "",
    stderr:
      "Cannot start Redis: there is no redis-server on the path.\nInstall it, or name a server by --redis.\n",
    left: NOTHING_LEFT,
  });
  expect(await readdir(folder)).toEqual([]);
});
