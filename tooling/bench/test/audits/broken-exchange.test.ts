import { expect, test } from "vitest";
import { brokenExchange } from "../../src/audits/broken-exchange.js";

test("Trestle leaks no task and loses no error", async () => {
  expect(await brokenExchange.Trestle()).toEqual({ leaked: 0, lost: 0 });
});

test("sees the task that waits for ever", async () => {
  expect(await brokenExchange.native()).toEqual({ leaked: 1, lost: 0 });
});
