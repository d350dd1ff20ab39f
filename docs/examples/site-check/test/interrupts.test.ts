import { openNursery, run } from "@trestle/structured";
import { afterEach, expect, test, vi } from "vitest";
import { exitCodeOf, Interrupts } from "../src/interrupts.js";

let interrupts: Interrupts | undefined;
afterEach(() => interrupts?.close());

test("wakes who waits at the first signal", async () => {
  const watched = (interrupts = new Interrupts());
  expect(watched.signal).toBeUndefined();
  const signal = await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        process.emit("SIGTERM", "SIGTERM");
      });
      yield* watched.wait();
      return watched.signal;
    }),
  );
  expect(signal).toBe("SIGTERM");
});

test("does not lose a signal that came before anybody waited", async () => {
  const watched = (interrupts = new Interrupts());
  process.emit("SIGINT", "SIGINT");
  await run(() => watched.wait());
  expect(watched.signal).toBe("SIGINT");
});

test("ends the process at the second signal", () => {
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  interrupts = new Interrupts();
  process.emit("SIGINT", "SIGINT");
  expect(exit).not.toHaveBeenCalled();
  process.emit("SIGTERM", "SIGTERM");
  expect(exit).toHaveBeenCalledExactlyOnceWith(143);
});

test("gives the signals back", () => {
  const before = process.listenerCount("SIGINT");
  interrupts = new Interrupts();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  interrupts.close();
  expect(process.listenerCount("SIGINT")).toBe(before);
  expect(process.listenerCount("SIGTERM")).toBe(0);
});

test("knows the exit codes of signals", () => {
  expect([exitCodeOf("SIGINT"), exitCodeOf("SIGTERM")]).toEqual([130, 143]);
});
