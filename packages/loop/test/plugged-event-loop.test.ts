import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { ExecutorShutDownError } from "../src/executor-shut-down-error.js";
import { LayerMissingError } from "../src/layer-missing-error.js";
import { LoopClosedError } from "../src/loop-closed-error.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { getRunningLoop } from "../src/current.js";
import type { SubprocessTransport } from "../src/subprocess-protocol.js";
import { FakeIo, InlineExecutor } from "./inline-layers.js";

test("runs work in the default executor, or in one that is named, and gives its value or error", async () => {
  const host = new VirtualHost();
  const executor = { openDefaultExecutor: () => new InlineExecutor() };
  await run(
    async () => {
      const loop = getRunningLoop();
      const add = (a: number, b: number): number => a + b;
      const sum = loop.runInExecutor(undefined, add, 2, 3);
      expect(sum.describe()).toBe("'add' in an executor");
      expect(await sum).toBe(5);
      expect(await loop.runInExecutor(new InlineExecutor(), async () => "named")).toBe("named");
      const error = new Error("no");
      const failing = loop.runInExecutor(undefined, () => {
        throw error;
      });
      await expect(Promise.resolve(failing)).rejects.toBe(error);
      await loop.shutdownDefaultExecutor();
      expect(() => loop.runInExecutor(undefined, add, 1, 2)).toThrow(ExecutorShutDownError);
      expect(await loop.runInExecutor(new InlineExecutor(), add, 1, 2)).toBe(3);
    },
    { host, executor },
  );
});

test("closing lets the default executor go without waiting", async () => {
  const executor = new InlineExecutor();
  const loop = new EventLoop({ host: new VirtualHost() });
  loop.setDefaultExecutor(executor);
  await loop.close();
  expect(executor.ends).toEqual([{ wait: false, cancelFutures: false }]);
});

test("says what to install where there is no layer", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const calls: [() => unknown, string][] = [
    [() => loop.runInExecutor(undefined, () => {}), "@trestle/executor"],
    [() => loop.addReader(0, () => {}), "@trestle/io"],
    [() => loop.addWriter(1, () => {}), "@trestle/io"],
    [() => loop.addSignalHandler("SIGTERM", () => {}), "@trestle/io"],
    [() => loop.subprocessExec("ls"), "@trestle/io"],
    [() => loop.subprocessShell("ls"), "@trestle/io"],
  ];
  for (const [call, layer] of calls) {
    expect(call).toThrow(LayerMissingError);
    expect(call).toThrow(layer);
  }
  expect([loop.removeReader(0), loop.removeWriter(1), loop.removeSignalHandler("SIGTERM")]).toEqual(
    [false, false, false],
  );
  await loop.close();
});

test("starts child processes", async () => {
  const io = new FakeIo();
  await run(
    async () => {
      const loop = getRunningLoop();
      expect(await loop.subprocessExec("ls", ["-l"], { stdout: "pipe" })).toMatchObject({ pid: 7 });
      expect(await loop.subprocessShell("ls | wc")).toMatchObject({ pid: 7 });
    },
    { host: new VirtualHost(), io },
  );
  expect(io.started).toEqual([
    [{ program: "ls", args: ["-l"] }, { stdout: "pipe" }],
    [{ shell: "ls | wc" }, {}],
  ]);
});

test("starts child processes with a protocol, which is called back", async () => {
  const io = new FakeIo();
  await run(
    async () => {
      const loop = getRunningLoop();
      const pids: number[] = [];
      const make = () => ({
        connectionMade: (made: SubprocessTransport) => void pids.push(made.getPid()),
      });
      const [transport, protocol] = await loop.subprocessExec(make, "ls", ["-l"]);
      expect([transport.getPid(), typeof protocol.connectionMade]).toEqual([7, "function"]);
      await loop.subprocessShell(make, "ls | wc", { stdout: "ignore" });
      expect(pids).toEqual([7, 7]);
    },
    { host: new VirtualHost(), io },
  );
  expect(io.started).toEqual([
    [{ program: "ls", args: ["-l"] }, {}],
    [{ shell: "ls | wc" }, { stdout: "ignore" }],
  ]);
});

test("closing ends what is to end with the loop, one after another, and first", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const log: string[] = [];
  const end = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    log.push(`${name}, ${loop.isClosed() ? "closed" : "open"}`);
  };
  loop.atClose(end("first"));
  loop.atClose(end("released"))();
  loop.atClose(end("second"));
  await Promise.all([loop.close(), loop.close()]);
  expect(log).toEqual(["first, open", "second, open"]);
});

test("readers, writers and signal handlers are callbacks, and go when the loop closes", async () => {
  const io = new FakeIo();
  const log: string[] = [];
  await run(
    async () => {
      const loop = getRunningLoop();
      loop.addReader(3, (name: string) => log.push(name), "readable");
      loop.addWriter({ fd: 4 }, (name: string) => log.push(name), "writable");
      loop.addSignalHandler("SIGTERM", (name: string) => log.push(name), "terminated");
      io.ready("reading 3");
      io.ready("writing 4");
      io.signal("SIGTERM");
      expect(log).toEqual([]);
      for (let i = 0; i < 3; i++) await sleep(0);
    },
    { host: new VirtualHost(), io },
  );
  expect(log).toEqual(["readable", "writable", "terminated"]);
  expect([io.waiting.size, io.receivers.get("SIGTERM")?.size]).toEqual([0, 0]);
});

test("answers wrong use in words, and takes nothing when it is closed", async () => {
  const loop = new EventLoop({ host: new VirtualHost(), io: new FakeIo() });
  expect(() => loop.addReader(-1, () => {})).toThrow(ArgumentError);
  expect(() => loop.addReader({} as never, () => {})).toThrow(ArgumentError);
  expect(() => loop.addReader(0, 5 as never)).toThrow(WrongFlavorError);
  expect(() => loop.addWriter(0, async () => {})).toThrow(WrongFlavorError);
  expect(() => loop.addSignalHandler("SIGTERM", async () => {})).toThrow(WrongFlavorError);
  expect(() => loop.addSignalHandler(15 as never, () => {})).toThrow(ArgumentError);
  expect(() => loop.setDefaultExecutor({} as never)).toThrow(ArgumentError);
  expect(() => loop.runInExecutor({} as never, () => {})).toThrow(ArgumentError);
  await loop.close();
  expect(() => loop.addReader(0, () => {})).toThrow(LoopClosedError);
  expect(() => loop.addSignalHandler("SIGTERM", () => {})).toThrow(LoopClosedError);
  expect(() => loop.runInExecutor(new InlineExecutor(), () => {})).toThrow(LoopClosedError);
  expect(() => loop.subprocessExec("ls")).toThrow(LoopClosedError);
  expect(() => loop.threadsafePort({})).toThrow(LoopClosedError);
});
