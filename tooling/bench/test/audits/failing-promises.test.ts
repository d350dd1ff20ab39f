import { expect, test } from "vitest";
import { failingPromises } from "../../src/audits/failing-promises.js";

test("Trestle leaks no task and loses no error", async () => {
  expect(await failingPromises.Trestle()).toEqual({ leaked: 0, lost: 0 });
});

test("sees that nobody can stop an async function that awaits a promise", async () => {
  expect(await failingPromises.native()).toEqual({ leaked: 99, lost: 0 });
});
