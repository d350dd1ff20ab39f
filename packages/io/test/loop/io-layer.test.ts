import { AsyncLocalStorage } from "node:async_hooks";
import { closeSync } from "node:fs";
import { ArgumentError } from "@trestle/host";
import { EventLoop, getRunningLoop, run, sleep } from "@trestle/loop";
import { beforeEach, describe, expect, test } from "vitest";
import { ioLayer as io } from "../../src/loop/io-layer.js";
import { needsMainThread } from "../needs-main-thread.js";
import { hasAddon, openPipe, poke } from "../open-pair.js";
import { until } from "../processes.js";

const raise = (signal: NodeJS.Signals): boolean => process.kill(process.pid, signal);

test.skipIf(!hasAddon)("a loop with the layer calls readers and writers", async () => {
  const [reading, writing] = openPipe();
  const log: string[] = [];
  await run(
    async () => {
      const loop = getRunningLoop();
      await new Promise<void>((resolve) => {
        loop.addWriter(writing, () => {
          log.push("W");
          loop.removeWriter(writing);
          poke(writing);
        });
        loop.addReader(reading, () => {
          log.push("R");
          if (log.length < 4) return;
          loop.removeReader(reading);
          resolve();
        });
      });
      await sleep(0);
      closeSync(reading);
    },
    { io },
  );
  expect(log).toEqual(["W", "R", "R", "R"]);
});

describe("signals", () => {
  beforeEach(needsMainThread);

  test("a signal handler is a callback of the loop, replaces the one before, and keeps the loop alive", async () => {
    const log: string[] = [];
    await run(
      async () => {
        const loop = getRunningLoop();
        const future = loop.createFuture<void>("a signal");
        loop.addSignalHandler("SIGUSR2", () => log.push("replaced"));
        loop.addSignalHandler(
          "SIGUSR2",
          (name: string) => {
            log.push(name);
            future.setResult();
          },
          "handled",
        );
        expect(process.listenerCount("SIGUSR2")).toBe(1);
        raise("SIGUSR2");
        await future;
        expect([loop.removeSignalHandler("SIGUSR2"), loop.removeSignalHandler("SIGUSR2")]).toEqual([
          true,
          false,
        ]);
        expect(process.listenerCount("SIGUSR2")).toBe(0);
        loop.addSignalHandler("SIGHUP", () => {});
      },
      { io },
    );
    expect([log, process.listenerCount("SIGHUP")]).toEqual([["handled"], 0]);
  });

  test("each handler runs in the async context that it was added in, one in each loop", async () => {
    const storage = new AsyncLocalStorage<string>();
    const heard: (string | undefined)[] = [];
    let added = 0;
    const wait = (name: string): Promise<void> =>
      storage.run(name, () =>
        run(
          async () => {
            const loop = getRunningLoop();
            const future = loop.createFuture<void>("a signal");
            loop.addSignalHandler("SIGUSR2", () => {
              heard.push(storage.getStore());
              future.setResult();
            });
            added++;
            await future;
          },
          { io },
        ),
      );
    const both = [wait("first"), wait("second")];
    await until(() => added === 2);
    raise("SIGUSR2");
    await Promise.all(both);
    expect(new Set(heard)).toEqual(new Set(["first", "second"]));
  });

  test("a handler for Ctrl-C takes the place of the cancellation of main", async () => {
    const log: string[] = [];
    await run(
      async () => {
        const loop = getRunningLoop();
        const future = loop.createFuture<void>("a signal");
        loop.addSignalHandler("SIGINT", () => {
          log.push("handled");
          future.setResult();
        });
        raise("SIGINT");
        await future;
        await sleep(0);
        log.push("goes on");
      },
      { io },
    );
    expect(log).toEqual(["handled", "goes on"]);
  });

  test("what cannot be received is refused in words", async () => {
    const loop = new EventLoop({ io });
    for (const signal of ["SIGKILL", "SIGSTOP", "SIGNONE"] as const) {
      expect(() => loop.addSignalHandler(signal, () => {})).toThrow(ArgumentError);
    }
    await loop.close();
  });
});

test("child processes, by the methods of the loop, with and without a protocol", async () => {
  await run(
    async () => {
      const loop = getRunningLoop();
      const child = await loop.subprocessExec("sh", ["-c", "exit 3"]);
      expect(await child.wait()).toBe(3);
      const future = loop.createFuture<string>("the end of a child");
      const [transport] = await loop.subprocessShell(
        () => ({
          written: "",
          pipeDataReceived(_fd: number, data: Uint8Array): void {
            this.written += String(data);
          },
          connectionLost(): void {
            future.setResult(this.written);
          },
        }),
        "echo hello",
      );
      expect([await future, transport.getReturncode()]).toEqual(["hello\n", 0]);
    },
    { io },
  );
});
