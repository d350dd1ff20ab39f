import { currentLoop } from "@trestle/bridge";
import { sleep as pause } from "@trestle/loop";
import { currentTask, sleepForever, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asStructured, main } from "../src/index.js";

let codeBefore: typeof process.exitCode;
beforeEach(() => {
  codeBefore = process.exitCode;
});
afterEach(() => {
  process.exitCode = codeBefore;
});

test("runs a program with a loop around it, and takes the number that it returns for the exit code", async () => {
  const host = new VirtualHost();
  await main(
    function* load(loop): Operation<number> {
      expect(currentLoop()).toBe(loop);
      expect(currentTask()?.name).toBe("load");
      return yield* asStructured(async () => pause(60_000, 3))();
    },
    { host },
  );
  expect(process.exitCode).toBe(3);
  expect(host.now()).toBe(60_000);
});

test("closes the loop of a program that was interrupted", async () => {
  let isClosed = (): boolean => false;
  // The listeners of the test runner, and main's.
  const listeners = process.listenerCount("SIGTERM");
  const ended = main(function* (loop) {
    isClosed = () => loop.isClosed();
    queueMicrotask(() => process.emit("SIGTERM", "SIGTERM"));
    yield* sleepForever();
  });
  expect(process.listenerCount("SIGTERM")).toBe(listeners + 1);
  await ended;
  expect(isClosed()).toBe(true);
  expect(process.exitCode).toBe(143);
  expect(process.listenerCount("SIGTERM")).toBe(listeners);
});

test("reports loop options that make no sense", async () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await main(function* () {}, { queueLength: 0 });
  expect(String(write.mock.calls[0]?.[0])).toContain(
    "Cannot open a loop with 0 (number) as 'queueLength'",
  );
  expect(process.exitCode).toBe(1);
});
