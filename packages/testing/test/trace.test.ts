import { expect, test } from "vitest";
import { Trace } from "../src/trace.js";
import { VirtualHost } from "../src/virtual-host.js";

test("keeps what was logged in order, with the time of each line", async () => {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  trace.log("at the start");
  await new Promise<void>((resolve) => {
    host.at(20, resolve);
    host.at(10, () => trace.log("on the way"));
  });
  trace.log("at the end");
  expect(trace.entries).toEqual([
    [0, "at the start"],
    [10, "on the way"],
    [20, "at the end"],
  ]);
  expect(trace.messages).toEqual(["at the start", "on the way", "at the end"]);
});

test("is at 0 without a clock", () => {
  const trace = new Trace();
  trace.log("a");
  expect(trace.entries).toEqual([[0, "a"]]);
});

test("gives a log function that stands alone", () => {
  const trace = new Trace();
  ["a", "b"].forEach((name) => trace.log(name));
  const { log } = trace;
  log("c");
  expect(trace.messages).toEqual(["a", "b", "c"]);
});

test("gives copies, which later lines do not change", () => {
  const trace = new Trace();
  trace.log("a");
  const { entries, messages } = trace;
  trace.log("b");
  expect(entries).toEqual([[0, "a"]]);
  expect(messages).toEqual(["a"]);
});
