import { expect, onTestFinished, test } from "vitest";
import { openBackend } from "../../src/readiness/open-backend.js";
import { hasAddon } from "../open-pair.js";

test("the native part is taken where there is one, in the way that this platform allows", () => {
  const backend = openBackend(() => {}, "wait");
  onTestFinished(() => backend.close());
  const native = process.platform === "linux" && !process.versions["bun"] ? "poll" : "thread";
  expect(backend.name).toBe(hasAddon ? native : "stream");
});
