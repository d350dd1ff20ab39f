import { expect, test } from "vitest";
import { isClean } from "../src/audit.js";

test("is clean where all that was counted is zero; a lag is not counted", () => {
  const audits = [{}, { leaked: 0, lost: 0, lag: 190 }, { leaked: 0, ranOn: 1 }, { timers: 1 }];
  expect(audits.map(isClean)).toEqual([true, true, false, false]);
});
