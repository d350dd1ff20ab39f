import { Script } from "node:vm";
import { expect, test } from "vitest";
import { workerText } from "../src/worker-text.js";

// What it does is what worker/bootstrap.ts does, and tested there; `pnpm worker-text` checks that it is made of that.
test("is one script, which imports nothing but the platform's modules", () => {
  expect(() => new Script(workerText)).not.toThrow();
  const required = [...workerText.matchAll(/\brequire\("([^"]+)"\)/gu)].map(([, name]) => name);
  expect(required.length).toBeGreaterThan(0);
  for (const name of required) expect(name).toMatch(/^node:/u);
});
