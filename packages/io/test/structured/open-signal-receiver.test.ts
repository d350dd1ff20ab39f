import { AsyncLocalStorage } from "node:async_hooks";
import { ArgumentError, type ExceptionGroup, WrongFlavorError } from "@trestle/host";
import {
  BusyResourceError,
  checkpoint,
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  run,
  sleep,
} from "@trestle/structured";
import { waitAllTasksBlocked } from "@trestle/structured/testing";
import { VirtualHost } from "@trestle/testing";
import { beforeEach, expect, test, vi } from "vitest";
import {
  openSignalReceiver,
  type SignalReceiver,
} from "../../src/structured/open-signal-receiver.js";
import { needsMainThread } from "../needs-main-thread.js";
import { until } from "../processes.js";

beforeEach(needsMainThread);

const raise = (signal: NodeJS.Signals): boolean => process.kill(process.pid, signal);

/** Listens until both have come, as somebody else would. */
async function whileHeard(act: (heard: readonly string[]) => Promise<unknown>): Promise<string[]> {
  const heard: string[] = [];
  const listener = (signal: string): void => void heard.push(signal);
  for (const signal of ["SIGUSR2", "SIGHUP"]) process.on(signal, listener);
  await act(heard);
  for (const signal of ["SIGUSR2", "SIGHUP"]) process.off(signal, listener);
  return heard;
}

test("T236: receives signals, each once, and the default behaviour is back afterwards", async () => {
  let left: SignalReceiver | undefined;
  const received = await run(() =>
    openSignalReceiver(["SIGUSR2", "SIGHUP"], function* (signals) {
      left = signals;
      raise("SIGUSR2");
      const first = yield* signals.receive();
      raise("SIGHUP");
      return [first, yield* signals.receive()];
    }),
  );
  expect(received).toEqual(["SIGUSR2", "SIGHUP"]);
  expect([process.listenerCount("SIGUSR2"), process.listenerCount("SIGHUP")]).toEqual([0, 0]);
  await expect(run(() => (left as SignalReceiver).receive())).rejects.toThrow(ClosedResourceError);
});

test("T238: two signals by turns are both delivered, by a body for each", async () => {
  const received: string[] = [];
  await run(() =>
    openSignalReceiver(["SIGUSR2", "SIGHUP"], function* (signals) {
      raise("SIGUSR2");
      yield* moveOnAfter(5000, (scope) =>
        signals.each(function* (signal) {
          received.push(signal);
          if (received.length === 6) scope.cancel();
          raise(signal === "SIGHUP" ? "SIGUSR2" : "SIGHUP");
          yield* sleep(0);
        }),
      );
      // The last one is still on its way.
      received.push(yield* signals.receive());
    }),
  );
  expect(received).toEqual([
    "SIGUSR2",
    "SIGHUP",
    "SIGUSR2",
    "SIGHUP",
    "SIGUSR2",
    "SIGHUP",
    "SIGUSR2",
  ]);
});

test("SIG-3: one task receives at a time", async () => {
  const failing = run(() =>
    openSignalReceiver(["SIGUSR2"], (signals) =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => signals.receive());
        nursery.startSoon(() => signals.receive());
      }),
    ),
  );
  const group = (await failing.catch((error: unknown) => error)) as ExceptionGroup;
  expect(group.errors.map((error) => error instanceof BusyResourceError)).toEqual([true]);
});

test("who waits when the block ends is told", async () => {
  const log: unknown[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      yield* openSignalReceiver(["SIGUSR2"], function* (signals) {
        nursery.startSoon(function* () {
          try {
            yield* signals.receive();
          } catch (error) {
            log.push(error instanceof ClosedResourceError);
          }
        });
        yield* waitAllTasksBlocked();
      });
    }),
  );
  expect(log).toEqual([true]);
});

test("T238: what nobody has received is raised again, and goes to the receiver outside", async () => {
  let outside: string | undefined;
  await whileHeard((heard) =>
    run(() =>
      openSignalReceiver(["SIGUSR2"], function* (outer) {
        raise("SIGUSR2");
        yield* outer.receive();
        // The outer one has taken the first; of the second it has heard as well.
        yield* openSignalReceiver(["SIGUSR2"], function* () {
          raise("SIGUSR2");
          while (heard.length < 2) yield* sleep(1);
        });
        outside = yield* outer.receive();
      }),
    ),
  );
  expect(outside).toBe("SIGUSR2");
  const kill = vi.spyOn(process, "kill");
  const heard = await whileHeard((signals) =>
    run(() =>
      openSignalReceiver(["SIGUSR2"], function* () {
        raise("SIGUSR2");
        while (signals.length === 0) yield* sleep(1);
      }),
    ),
  );
  // Who listens to the process has heard it at first.
  expect([heard, kill.mock.calls.length]).toEqual([["SIGUSR2"], 1]);
  kill.mockReset().mockReturnValue(true);
  await run(() =>
    openSignalReceiver(["SIGHUP"], function* () {
      process.emit("SIGHUP", "SIGHUP");
      yield* checkpoint();
    }),
  );
  expect(kill.mock.calls).toEqual([[process.pid, "SIGHUP"]]);
});

test("cancelled, it has taken nothing", async () => {
  const received = await run(() =>
    openSignalReceiver(["SIGUSR2"], function* (signals) {
      process.emit("SIGUSR2", "SIGUSR2");
      yield* moveOnAfter(0, () => signals.receive());
      return yield* signals.receive();
    }),
  );
  expect(received).toBe("SIGUSR2");
});

test("each receiver goes on in the async context of its task", async () => {
  const storage = new AsyncLocalStorage<string>();
  let waiting = 0;
  const receive = (name: string): Promise<string | undefined> =>
    storage.run(name, () =>
      run(() =>
        openSignalReceiver(["SIGUSR2"], function* (signals) {
          waiting++;
          yield* signals.receive();
          return storage.getStore();
        }),
      ),
    );
  const both = Promise.all([receive("first"), receive("second")]);
  await until(() => waiting === 2);
  raise("SIGUSR2");
  expect(await both).toEqual(["first", "second"]);
});

test("a virtual clock goes on while a task waits for a signal", async () => {
  const host = new VirtualHost();
  await run(
    () => openSignalReceiver(["SIGUSR2"], (signals) => moveOnAfter(1000, () => signals.receive())),
    { host },
  );
  expect(host.now()).toBe(1000);
});

test("SIG-1: answers wrong use in words, at the call", async () => {
  const body = function* (): Generator<never, void> {};
  expect(() => openSignalReceiver([], body as never)).toThrow(ArgumentError);
  expect(() => openSignalReceiver(["SIGKILL"], body as never)).toThrow("SIGKILL");
  expect(() => openSignalReceiver(["SIGUSR2"], (async () => {}) as never)).toThrow(
    WrongFlavorError,
  );
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});
