import { beforeEach, expect, test } from "vitest";
import { receiveSignal } from "../../src/signals/receive-signal.js";
import { needsMainThread } from "../needs-main-thread.js";
import { until } from "../processes.js";

beforeEach(needsMainThread);

test("calls back at each signal, several for one, until it is released", async () => {
  const heard: string[] = [];
  const releases = ["a", "b"].map((name) => receiveSignal("SIGUSR2", () => heard.push(name)));
  process.kill(process.pid, "SIGUSR2");
  await until(() => heard.length === 2);
  releases[0]?.();
  releases[0]?.();
  process.kill(process.pid, "SIGUSR2");
  await until(() => heard.length === 3);
  expect(heard).toEqual(["a", "b", "b"]);
  releases[1]?.();
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});
