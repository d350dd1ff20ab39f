import { expect, test } from "vitest";
import { sharedThreads } from "../src/shared-threads.js";

test("there is one for all", () => {
  expect(sharedThreads()).toBe(sharedThreads());
});
