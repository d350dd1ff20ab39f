import { expect, test } from "vitest";
import { failingChildren } from "../../src/audits/failing-children.js";

test("Trestle leaks no task and loses no error", async () => {
  expect(await failingChildren.Trestle()).toEqual({ leaked: 0, lost: 0 });
});

test("sees what Promise.all leaves behind", async () => {
  expect(await failingChildren.native()).toEqual({ leaked: 99, lost: 10 });
});
