import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkDuration, checkInstant } from "../src/check-time.js";

test("gives durations back that are 0 or more", () => {
  for (const ms of [0, 0.5, 10, Number.POSITIVE_INFINITY])
    expect(checkDuration(ms, "wait")).toBe(ms);
});

test.each([[-1], [Number.NaN], ["5" as unknown as number], [undefined as unknown as number]])(
  "refuses the duration %s",
  (ms) => {
    expect(() => checkDuration(ms, "wait")).toThrow(ArgumentError);
    expect(() => checkDuration(ms, "wait")).toThrow(
      /^Cannot wait for .* ms: a duration is a number, 0 or more\./u,
    );
  },
);

test("gives instants back, also past ones", () => {
  for (const at of [-5, 0, 10, Number.POSITIVE_INFINITY]) expect(checkInstant(at, "wait")).toBe(at);
});

test.each([[Number.NaN], ["5" as unknown as number]])("refuses the instant %s", (at) => {
  expect(() => checkInstant(at, "wait")).toThrow(ArgumentError);
  expect(() => checkInstant(at, "wait")).toThrow(/Use 'loop\.time\(\) \+ ms'\.$/u);
});
