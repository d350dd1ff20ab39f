import { ArgumentError, isSignalClaimed } from "@trestle/host";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  Arrival,
  checkSignal,
  giveBack,
  listenTo,
  unlisten,
  type SignalListener,
} from "../../src/signals/signal-source.js";
import { needsMainThread } from "../needs-main-thread.js";
import { until } from "../processes.js";

beforeEach(needsMainThread);

interface Fake extends SignalListener {
  readonly arrivals: Arrival[];
}

function listener(): Fake {
  const arrivals: Arrival[] = [];
  const keeps = (arrival: Arrival): boolean => arrivals.includes(arrival);
  return { arrivals, heard: (arrival) => void arrivals.push(arrival), keeps };
}

const [first, second] = [listener(), listener()];

afterEach(() => {
  vi.restoreAllMocks();
  for (const each of [first, second]) {
    unlisten("SIGUSR2", each);
    each.arrivals.length = 0;
  }
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});

test("all listeners hear one arrival, and the process has one listener", async () => {
  listenTo("SIGUSR2", first);
  listenTo("SIGUSR2", second);
  expect([process.listenerCount("SIGUSR2"), isSignalClaimed(process, "SIGUSR2")]).toEqual([
    1,
    true,
  ]);
  process.kill(process.pid, "SIGUSR2");
  await until(() => first.arrivals.length > 0);
  expect(first.arrivals).toEqual(second.arrivals);
  expect(first.arrivals[0]).toBe(second.arrivals[0]);
  unlisten("SIGUSR2", first);
  unlisten("SIGUSR2", first);
  expect(process.listenerCount("SIGUSR2")).toBe(1);
});

test("T238: raises again what nobody has taken, when nobody else has heard it", () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const [untaken, taken] = [new Arrival("SIGUSR2"), new Arrival("SIGUSR2")];
  taken.isTaken = true;
  giveBack(taken);
  expect(kill.mock.calls).toEqual([]);
  giveBack(untaken);
  expect(kill.mock.calls).toEqual([[process.pid, "SIGUSR2"]]);
});

test("raises nothing while another may still take it, and nothing for who listens to the process", () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const arrival = new Arrival("SIGUSR2");
  listenTo("SIGUSR2", second);
  second.heard(arrival);
  giveBack(arrival);
  unlisten("SIGUSR2", second);
  const foreign = (): void => {};
  process.on("SIGUSR2", foreign);
  giveBack(arrival);
  process.off("SIGUSR2", foreign);
  expect(kill.mock.calls).toEqual([]);
});

test("refuses what is no signal, and what cannot be received", () => {
  for (const wrong of ["SIGNONE", 15, undefined])
    expect(() => checkSignal(wrong)).toThrow(ArgumentError);
  for (const never of ["SIGKILL", "SIGSTOP"] as const) {
    expect(() => listenTo(never, first)).toThrow(ArgumentError);
    expect(() => checkSignal(never)).toThrow("the system does not let any process do that");
  }
});
