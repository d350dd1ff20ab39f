import { asSignalClaim } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test, vi } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { Interrupts, thisProcess, type InterruptedProcess } from "../src/interrupts.js";
import { sleep } from "../src/sleep.js";

afterEach(() => vi.unstubAllGlobals());

/** A process that notes what becomes of it. */
class FakeProcess implements InterruptedProcess {
  readonly pid = 7;
  readonly heard = new Set<() => void>();
  readonly killed: unknown[] = [];

  on(_signal: "SIGINT", listener: () => void): void {
    this.heard.add(listener);
  }

  off(_signal: "SIGINT", listener: () => void): void {
    this.heard.delete(listener);
  }

  listeners(): readonly unknown[] {
    return [...this.heard];
  }

  listenerCount(): number {
    return this.heard.size;
  }

  kill(...given: unknown[]): void {
    this.killed.push(given);
  }

  interrupt(): void {
    for (const listener of this.heard) listener();
  }
}

async function withTask(
  play: (process: FakeProcess, start: () => Interrupts, loop: EventLoop) => Promise<void>,
): Promise<void> {
  const loop = new EventLoop({ host: new VirtualHost() });
  const process = new FakeProcess();
  const task = loop.createTask(async function main() {
    await sleep(1000);
  });
  await play(process, () => new Interrupts(task, process), loop);
  await loop.runUntilComplete(task).catch(() => {});
  await loop.close();
}

test("the first signal cancels the task, the second one ends the process", async () => {
  await withTask(async (process, start) => {
    const interrupts = start();
    expect([interrupts.any, process.heard.size]).toEqual([false, 1]);
    process.interrupt();
    expect([interrupts.any, process.killed]).toEqual([true, []]);
    process.interrupt();
    expect([process.killed, process.heard.size]).toEqual([[[7, "SIGINT"]], 0]);
  });
});

test("the first one ends the process where the task has ended", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const process = new FakeProcess();
  const task = loop.createTask(async () => {});
  const interrupts = new Interrupts(task, process);
  await loop.runUntilComplete(task);
  process.interrupt();
  expect(process.killed).toEqual([[7, "SIGINT"]]);
  interrupts.stop();
  await loop.close();
});

test("where somebody else listens, the signal is theirs", async () => {
  await withTask(async (process, start) => {
    const theirs = vi.fn<() => void>();
    process.on("SIGINT", theirs);
    const interrupts = start();
    process.interrupt();
    interrupts.stop();
    expect([theirs.mock.calls.length, interrupts.any, process.heard.size]).toEqual([1, false, 1]);
  });
});

test("steps aside while somebody in the program takes the signal", async () => {
  await withTask(async (process, start) => {
    const interrupts = start();
    const taking = asSignalClaim(() => {});
    process.on("SIGINT", taking);
    process.interrupt();
    process.interrupt();
    expect([interrupts.any, process.killed]).toEqual([false, []]);
    process.off("SIGINT", taking);
    process.interrupt();
    expect(interrupts.any).toBe(true);
  });
});

test("stops listening, and does nothing where there is no process", async () => {
  await withTask(async (process, start, loop) => {
    start().stop();
    expect(process.heard.size).toBe(0);
    const task = loop.createTask(async () => {});
    const interrupts = new Interrupts(task, undefined);
    interrupts.stop();
    expect(interrupts.any).toBe(false);
    await loop.runUntilComplete(task);
  });
});

test("finds the process of the platform, or none", () => {
  expect(thisProcess()).toBe(process);
  vi.stubGlobal("process", { on: () => {} });
  expect(thisProcess()).toBeUndefined();
  vi.stubGlobal("process", undefined);
  expect(thisProcess()).toBeUndefined();
});
