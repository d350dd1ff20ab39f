import { success } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import type { Child } from "../../src/process/child.js";
import { endChild, endChildren, killChildAfter } from "../../src/process/end-child.js";
import { childStates, host, isAlive, settled, sh, started, until } from "../processes.js";

const STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done";
const children: Child[] = [];

/** Starts a child, and waits for the line that it writes. */
async function ready(line: string, options = {}): Promise<Child> {
  const child = await started(sh(line), options);
  children.push(child);
  await once(child.stdout as Readable, "readable");
  return child;
}

/** The codes of the warnings, which are not shown. */
function warnings(): string[] {
  const codes: string[] = [];
  vi.spyOn(process, "emitWarning").mockImplementation(((_text: string, options: { code: string }) =>
    codes.push(options.code)) as never);
  return codes;
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const child of children.splice(0)) {
    child.send("SIGKILL");
    child.killGroup();
    child.destroyStreams();
  }
});

test("asks a child to end, and waits until it has cleaned up", async () => {
  const codes = warnings();
  const child = await ready("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
  await settled(endChild(child, host, 10_000));
  expect([child.returnCode, codes]).toEqual([3, []]);
  await settled(endChild(child, host, 10_000));
});

test("T210: kills one that does not listen after its grace period, with a warning", async () => {
  const codes = warnings();
  const child = await ready(STUBBORN);
  await settled(endChild(child, host, 50));
  expect([child.signal, codes]).toEqual(["SIGKILL", ["TRESTLE_PROCESS_KILLED"]]);
});

test("without a grace period it is killed at once, and a stopped one is killed as well", async () => {
  const codes = warnings();
  const child = await ready("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
  await settled(endChild(child, host, 0));
  expect([child.signal, codes]).toEqual(["SIGKILL", []]);
  const stopped = await ready("echo ready; exec sleep 1000");
  stopped.send("SIGSTOP");
  await until(() => childStates().includes("T"));
  await settled(endChild(stopped, host, 50));
  expect(stopped.signal).toBe("SIGKILL");
});

test("kills the group: what does not listen ends as well", async () => {
  const child = await started(sh("(trap '' TERM; sleep 1000) & echo $!; wait"), {
    processGroup: true,
  });
  children.push(child);
  const [written] = (await once(child.stdout as Readable, "readable")) as [undefined];
  expect(written).toBeUndefined();
  const member = Number(String((child.stdout as Readable).read()));
  await settled(endChild(child, host, 10_000));
  await until(() => !isAlive(member));
});

test("cannot be taken back, and its periods are real also where time is not", async () => {
  warnings();
  const virtual = new VirtualHost();
  const child = await ready(STUBBORN);
  let rang = false;
  virtual.at(100_000, () => (rang = true));
  const ended = await new Promise((resolve) => {
    const abort = endChild(child, virtual, 50)((outcome) => resolve([outcome, rang]));
    expect(abort("never mind")).toBe("committed");
  });
  expect(ended).toEqual([success(), false]);
  expect(child.signal).toBe("SIGKILL");
  await until(() => rang);
});

test("T209: one that may not be sent a signal is left, with a warning, and nobody waits", async () => {
  const codes = warnings();
  const child = await ready("echo ready; exec sleep 1000");
  const { pid } = child;
  vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  await settled(endChild(child, host, 10_000));
  await settled(endChild(child, host, 0));
  vi.restoreAllMocks();
  expect(codes).toEqual(["TRESTLE_PROCESS_LEFT", "TRESTLE_PROCESS_LEFT"]);
  expect(isAlive(pid)).toBe(true);
});

test("kills one that somebody else has asked, when its time is over", async () => {
  const codes = warnings();
  const child = await ready(STUBBORN);
  await settled(killChildAfter(child, host, 20));
  expect([child.signal, codes]).toEqual(["SIGKILL", ["TRESTLE_PROCESS_KILLED"]]);
});

test("ends several side by side, and lets go of those that may stay", async () => {
  const [first, second, third] = [
    await ready("echo ready; exec sleep 1000"),
    await ready("echo ready; exec sleep 1000"),
    await ready("echo ready; exec sleep 1000", { leaveRunning: true }),
  ];
  await settled(endChildren([first, second, third], host));
  expect([first.signal, second.signal, third.returnCode]).toEqual([
    "SIGTERM",
    "SIGTERM",
    undefined,
  ]);
  expect([first.stdout?.destroyed, third.stdout?.destroyed]).toEqual([true, false]);
  await settled(endChildren([], host));
});
