import { ArgumentError, failure, success } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SignalInbox } from "../../src/signals/signal-inbox.js";
import { Arrival } from "../../src/signals/signal-source.js";
import { needsMainThread } from "../needs-main-thread.js";

beforeEach(needsMainThread);

const open: SignalInbox[] = [];

function inbox(...signals: NodeJS.Signals[]): SignalInbox {
  const made = new SignalInbox(signals);
  made.open();
  open.push(made);
  return made;
}

afterEach(() => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  for (const each of open.splice(0)) each.close(new Error("closed"));
  kill.mockRestore();
});

test("SIG-2: keeps each signal once, and gives them in the order in which they came", () => {
  const box = inbox("SIGUSR2", "SIGHUP");
  for (const signal of ["SIGUSR2", "SIGHUP", "SIGUSR2"] as const) box.heard(new Arrival(signal));
  expect([box.take(), box.take(), box.take()]).toEqual(["SIGUSR2", "SIGHUP", undefined]);
});

test("a wait ends with an arrival, at once where there is one, and fails with the closing", () => {
  const box = inbox("SIGUSR2");
  const outcomes: unknown[] = [];
  box.arrival()((outcome) => outcomes.push(outcome));
  box.heard(new Arrival("SIGUSR2"));
  box.arrival()((outcome) => outcomes.push(outcome));
  box.take();
  box.arrival()((outcome) => outcomes.push(outcome));
  const closed = new Error("closed");
  box.close(closed);
  expect(outcomes).toEqual([success(), success(), failure(closed)]);
});

test("SIG-4: what was not taken is given back when it closes, once for all who have it", () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const [first, second] = [inbox("SIGUSR2"), inbox("SIGUSR2")];
  const arrival = new Arrival("SIGUSR2");
  for (const each of [first, second]) each.heard(arrival);
  expect([first.keeps(arrival), first.keeps(new Arrival("SIGUSR2"))]).toEqual([true, false]);
  first.close(new Error("closed"));
  expect(kill.mock.calls).toEqual([]);
  second.close(new Error("closed"));
  expect(kill.mock.calls).toEqual([[process.pid, "SIGUSR2"]]);
});

test("what one has taken, another does not give back", () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const [first, second] = [inbox("SIGUSR2"), inbox("SIGUSR2")];
  for (const each of [first, second]) each.heard(arrivalOf);
  first.take();
  second.close(new Error("closed"));
  first.close(new Error("closed"));
  expect(kill.mock.calls).toEqual([]);
});
const arrivalOf = new Arrival("SIGUSR2");

test("SIG-1, T237: wants signals, and listens to none where one is wrong; the same twice is once", () => {
  for (const wrong of [[], ["SIGUSR2", "SIGKILL"], "SIGUSR2", ["SIGNONE"]]) {
    expect(() => new SignalInbox(wrong as never)).toThrow(ArgumentError);
  }
  expect(process.listenerCount("SIGUSR2")).toBe(0);
  inbox("SIGUSR2", "SIGUSR2");
  expect(process.listenerCount("SIGUSR2")).toBe(1);
});

describe("a wait for a signal", () => {
  for (const { title, run } of waitBehaviours(() => {
    const box = inbox("SIGUSR2");
    return {
      wait: box.arrival(),
      finish: () => box.heard(new Arrival("SIGUSR2")),
      settle: () => Promise.resolve(),
    };
  })) {
    test(title, run);
  }
});
