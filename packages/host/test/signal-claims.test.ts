import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import {
  asSignalClaim,
  asSignalFallback,
  hasOtherListeners,
  isSignalClaimed,
} from "../src/signal-claims.js";

test("tells whether a signal is taken, and whether anybody else listens", () => {
  const process = new EventEmitter();
  const state = () => [isSignalClaimed(process, "SIGTERM"), hasOtherListeners(process, "SIGTERM")];
  const [taken, fallback, other] = [asSignalClaim(() => {}), asSignalFallback(() => {}), () => {}];
  expect(state()).toEqual([false, false]);
  process.on("SIGTERM", fallback);
  expect(state()).toEqual([false, false]);
  process.on("SIGTERM", taken);
  expect(state()).toEqual([true, false]);
  process.on("SIGTERM", other);
  process.off("SIGTERM", taken);
  expect(state()).toEqual([false, true]);
  expect(isSignalClaimed(process, "SIGINT")).toBe(false);
});

test("a process without a list of listeners has none", () => {
  expect([isSignalClaimed({}, "SIGINT"), hasOtherListeners({}, "SIGINT")]).toEqual([false, false]);
});
