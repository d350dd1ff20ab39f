import { ArgumentError } from "@trestle/host";
import { VirtualHost, waitBehaviours } from "@trestle/testing";
import { once } from "node:events";
import { text as textOf } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import type { Child } from "../../src/process/child.js";
import { childStates, host, isAlive, settled, sh, started, until } from "../processes.js";

const children: Child[] = [];
async function open(...given: Parameters<typeof started>): Promise<Child> {
  const child = await started(...given);
  children.push(child);
  return child;
}
afterEach(() => {
  for (const child of children.splice(0)) {
    child.send("SIGKILL");
    child.killGroup();
    child.destroyStreams();
  }
});

/** Waits for a line that a child writes. */
async function line(child: Child): Promise<void> {
  await once(child.stdout as Readable, "readable");
}

test("T195: has no code while it runs, and its code afterwards", async () => {
  const child = await open({ program: "cat", args: [] }, {}, { stdin: "pipe" });
  expect([child.returnCode, child.description]).toEqual([undefined, `process ${child.pid} 'cat'`]);
  child.stdin?.end();
  expect(await settled(child.exit(host))).toBe(0);
  expect(await settled(child.exit(host))).toBe(0);
  const failing = await open(sh("exit 7"));
  expect([await settled(failing.exit(host)), failing.signal]).toEqual([7, undefined]);
});

test("T197: several wait for it, and who leaves disturbs nobody", async () => {
  const child = await open({ program: "cat", args: [] }, {}, { stdin: "pipe" });
  const codes: unknown[] = [];
  const aborts = [1, 2, 3].map(() => child.exit(host)((outcome) => codes.push(outcome)));
  expect(aborts[1]?.("gone")).toBe("withdrawn");
  child.stdin?.end();
  await settled(child.exit(host));
  expect(codes).toEqual([
    { ok: true, value: 0 },
    { ok: true, value: 0 },
  ]);
});

test.each(["SIGTERM", "SIGKILL", "SIGHUP"] as const)("T204: %s ends it", async (signal) => {
  const child = await open({ program: "cat", args: [] }, {}, { stdin: "pipe" });
  expect(child.send(signal)).toBe(true);
  expect(await settled(child.exit(host))).toBeLessThan(0);
  expect(child.signal).toBe(signal);
});

test("PROC-18: a signal to one that has ended goes nowhere, and what is no signal is refused", async () => {
  const child = await open({ program: "true", args: [] });
  await settled(child.exit(host));
  expect(child.send("SIGTERM")).toBe(false);
  expect(() => child.send("SIGNONE" as never)).toThrow(ArgumentError);
});

test("keeps what was written until somebody reads it, long after the end", async () => {
  const child = await open(sh("echo early; echo wrong >&2"));
  await settled(child.exit(host));
  await until(() => child.stdout?.readableLength === 6 && child.stderr?.readableLength === 6);
  expect(await textOf(child.takeOutput(child.stdout as Readable))).toBe("early\n");
  expect(await textOf(child.stderr as Readable)).toBe("wrong\n");
});

test("a child whose output nobody reads waits, and is not read ahead of", async () => {
  const child = await open({ program: "head", args: ["-c", "4000000", "/dev/zero"] });
  const stdout = child.stdout as Readable;
  await line(child);
  // Once it writes, there is nothing else that it sleeps for.
  await until(
    () =>
      child.returnCode !== undefined ||
      (stdout.readableLength >= stdout.readableHighWaterMark && childStates().includes("S")),
  );
  expect(child.returnCode).toBeUndefined();
  expect(stdout.readableLength).toBeLessThan(200_000);
});

test("an input that breaks ends nothing", async () => {
  const child = await open({ program: "true", args: [] }, {}, { stdin: "pipe" });
  child.stdin?.write(Buffer.alloc(1_000_000));
  expect(await settled(child.exit(host))).toBe(0);
  const failed = await new Promise((resolve) => child.stdin?.write("more", resolve));
  expect(failed).toBeInstanceOf(Error);
  await until(() => child.stdin?.closed === true);
});

test("a group gets the signals of its leader, and its rest is killed after its end", async () => {
  const child = await open(sh("sleep 1000 & echo $!; wait"), { processGroup: true });
  const member = Number(await firstLine(child));
  child.send("SIGTERM");
  await settled(child.exit(host));
  await until(() => !isAlive(member));
  const trapping = await open(sh("(trap '' TERM; sleep 1000) & echo $!; sleep 1000"), {
    processGroup: true,
  });
  const stubborn = Number(await firstLine(trapping));
  trapping.send("SIGTERM");
  await settled(trapping.exit(host));
  expect(isAlive(stubborn)).toBe(true);
  trapping.killGroup();
  await until(() => !isAlive(stubborn));
  trapping.killGroup();
});

test("leads no group unless asked, and then nothing but itself is killed", async () => {
  const child = await open(sh("sleep 1000 & echo $!; wait"));
  const member = Number(await firstLine(child));
  child.send("SIGTERM");
  await settled(child.exit(host));
  child.killGroup();
  expect(isAlive(member)).toBe(true);
  process.kill(member, "SIGKILL");
});

test("waiting for its end holds the host: a virtual clock stands still", async () => {
  const virtual = new VirtualHost();
  const child = await open(sh("sleep 0.1"));
  let rang = false;
  virtual.at(1000, () => (rang = true));
  const rangBefore = await new Promise((resolve) => {
    child.exit(virtual)(() => resolve(rang));
  });
  expect(rangBefore).toBe(false);
  await until(() => rang);
});

test("calls back when it has ended and its pipes are closed", async () => {
  const child = await open(sh("sleep 1000 & echo $!"));
  const log: string[] = [];
  child.whenEnded(() => log.push("ended"));
  child.whenGone(() => log.push("gone"));
  const member = Number(await firstLine(child));
  await settled(child.exit(host));
  expect(log).toEqual(["ended"]);
  process.kill(member, "SIGKILL");
  child.stdout?.resume();
  child.stderr?.resume();
  await until(() => log.length === 2);
  expect([log, childStates()]).toEqual([["ended", "gone"], []]);
  child.whenGone(() => log.push("gone before"));
  expect(log.at(-1)).toBe("gone before");
});

describe("a wait for its end", () => {
  for (const { title, run } of waitBehaviours(() => {
    const opening = open({ program: "cat", args: [] }, {}, { stdin: "pipe" });
    let isFinished = false;
    return {
      wait: (resume) => {
        let abort: ((reason: unknown) => unknown) | undefined;
        let isGone = false;
        void opening.then((opened) => {
          if (!isGone) abort = opened.exit(host)(resume);
        });
        return (reason) => {
          isGone = true;
          return (abort?.(reason) ?? "withdrawn") as "withdrawn";
        };
      },
      finish: () => {
        isFinished = true;
        void opening.then((opened) => opened.send("SIGKILL"));
      },
      settle: async () => {
        const child = await opening;
        if (isFinished) await settled(child.exit(host));
      },
    };
  })) {
    test(title, run);
  }
});

async function firstLine(child: Child): Promise<string> {
  const stdout = child.stdout as Readable;
  for (;;) {
    const found = stdout.read() as Buffer | null;
    if (found !== null) return String(found).trim();
    await line(child);
  }
}
