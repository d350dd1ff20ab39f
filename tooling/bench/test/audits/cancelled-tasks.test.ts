import { expect, test } from "vitest";
import { cancelledTasks } from "../../src/audits/cancelled-tasks.js";

test("Trestle leaks no task and runs no code of a cancelled one", async () => {
  expect(await cancelledTasks.Trestle()).toEqual({ leaked: 0, ranOn: 0 });
});

test("sees code that runs on behind an await", async () => {
  expect(await cancelledTasks.native()).toEqual({ leaked: 0, ranOn: 100 });
});
