import { expect, test } from "vitest";
import { difference, listOf } from "../exported-names.js";

test("lists values before types, each in order", () => {
  expect(listOf(["sleep", "Event"], ["Task", "sleep", "Event", "Host"])).toEqual([
    "Event",
    "sleep",
    "type Host",
    "type Task",
  ]);
});

test("tells what went and what came", () => {
  expect(difference(["run", "sleep"], ["run", "sleepUntil"])).toEqual(["- sleep", "+ sleepUntil"]);
  expect(difference(["run"], ["run"])).toEqual([]);
});
