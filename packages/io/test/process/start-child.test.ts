import { ArgumentError } from "@trestle/host";
import { VirtualHost, waitBehaviours } from "@trestle/testing";
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Child } from "../../src/process/child.js";
import { checkSpec, startChild } from "../../src/process/start-child.js";
import { childStates, host, openDescriptors, settled, sh, started, until } from "../processes.js";

const pipes = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;

async function outputOf(child: Child): Promise<string> {
  const output = await text(child.takeOutput(child.stdout as Readable));
  await settled(child.exit(host));
  child.destroyStreams();
  return output;
}

test("starts a program in a directory, with an environment and a name of its own", async () => {
  const env = { PATH: process.env["PATH"], GREETING: "hello", GONE: undefined };
  const child = await started(sh("pwd; echo $GREETING; echo ${GONE-gone}"), { cwd: "/", env });
  expect(await outputOf(child)).toBe("/\nhello\ngone\n");
  const named = await started(sh("echo $0"), { argv0: "somebody" });
  expect(await outputOf(named)).toBe("somebody\n");
});

test("runs a line in the shell", async () => {
  const child = await started({ shell: "echo one | tr a-z A-Z" });
  expect(await outputOf(child)).toBe("ONE\n");
});

test("T202: joins the error output to the output, wherever that goes", async () => {
  const line = "echo a; echo b >&2; echo c";
  const piped = await started(sh(line), {}, { stderr: "stdout" });
  expect(piped.stderr).toBeUndefined();
  expect(await outputOf(piped)).toBe("a\nb\nc\n");
  const folder = mkdtempSync(path.join(tmpdir(), "trestle-start-"));
  const file = path.join(folder, "file");
  const fd = openSync(file, "w");
  const filed = await started(sh(line), {}, { stdout: { fd }, stderr: "stdout" });
  await settled(filed.exit(host));
  closeSync(fd);
  expect(readFileSync(file, "utf8")).toBe("a\nb\nc\n");
  writeFileSync(file, "");
  const inherited = await started(
    sh(`sh -c 'echo a >&2' > ${file} 2>&1`),
    {},
    { stdout: "inherit", stderr: "stdout" },
  );
  await settled(inherited.exit(host));
  const silent = await started(sh(line), {}, { stdout: "ignore", stderr: "stdout" });
  expect(await settled(silent.exit(host))).toBe(0);
  rmSync(folder, { recursive: true });
});

test("says so where there is no place for the pipe of both outputs", async () => {
  vi.stubEnv("TMPDIR", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = openDescriptors();
  const starting = started(sh("true"), {}, { stderr: "stdout" });
  const error = await starting.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ProcessStartError", cause: { code: "ENOENT" } });
  expect(String(error)).toContain("the pipe for its output and error output could not be made");
  expect([openDescriptors(), childStates()]).toEqual([before, []]);
});

test("reads from an open file", async () => {
  const fd = openSync("package.json", "r");
  const child = await started({ program: "cat", args: [] }, {}, { stdin: fd });
  closeSync(fd);
  expect(JSON.parse(await outputOf(child))).toHaveProperty("private");
});

test("a new session: the leader of a group is asked for by an option", async () => {
  const session = "ps -o pid=,sid= -p $$ | tr -s ' '";
  const child = await started(sh(session), { processGroup: true });
  const [pid, sid] = (await outputOf(child)).trim().split(" ");
  expect([pid, sid]).toEqual([String(child.pid), String(child.pid)]);
});

test("refuses what makes no sense before anything is started", () => {
  const command = { program: "true", args: [] };
  expect(() => checkSpec({ command, options: { cwd: 5 as never }, pipes })).toThrow(ArgumentError);
  const wrong = { ...pipes, stdin: "text" as never };
  expect(() => checkSpec({ command, options: {}, pipes: wrong })).toThrow(ArgumentError);
});

test("cancelled meanwhile, nothing is left, and it fails with what cancelled it", async () => {
  const before = openDescriptors();
  const cancelled = new Error("cancelled");
  for (const stderr of ["pipe", "stdout"] as const) {
    const starting = new Promise<unknown>((resolve) => {
      const spec = {
        command: sh("trap '' TERM; exec sleep 1000"),
        options: {},
        pipes: { ...pipes, stderr },
      };
      const abort = startChild(host, spec)(resolve);
      expect(abort(cancelled)).toBe("committed");
    });
    expect(await starting).toEqual({ ok: false, error: cancelled });
  }
  await vi.waitFor(() => expect([openDescriptors(), childStates()]).toEqual([before, []]));
});

test("holds the host while it starts", async () => {
  const virtual = new VirtualHost();
  let rang = false;
  virtual.at(1, () => (rang = true));
  let rangBefore: boolean | undefined;
  const spec = { command: sh(""), options: {}, pipes };
  const child = await settled<Child>((resume) =>
    startChild(
      virtual,
      spec,
    )((outcome) => {
      rangBefore = rang;
      resume(outcome);
    }),
  );
  expect(rangBefore).toBe(false);
  await settled(child.exit(host));
  child.destroyStreams();
});

describe("a start", () => {
  for (const { title, run } of waitBehaviours(() => {
    const options = { gracePeriod: 0 };
    const wait = startChild(host, { command: sh("exit 0"), options, pipes });
    let isOver = false;
    return {
      wait: (resume) =>
        wait((outcome) => {
          if (outcome.ok) outcome.value.destroyStreams();
          isOver = true;
          resume(outcome);
        }),
      settle: () => until(() => isOver && childStates().length === 0),
    };
  })) {
    test(title, run);
  }
});
