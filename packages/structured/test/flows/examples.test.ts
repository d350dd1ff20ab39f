// The examples of the docstrings are programs that run as they stand. They live on the platform's host, as they will when
// somebody pastes them; none takes more than some milliseconds.
import * as timers from "node:timers/promises";
import * as host from "@trestle/host";
import { expect, test, vi } from "vitest";
import * as structured from "../../src/index.js";
import * as lowlevel from "../../src/lowlevel.js";
import { examples, runExample } from "../examples.js";

const modules = {
  "@trestle/host": host,
  "@trestle/structured": structured,
  "@trestle/structured/lowlevel": lowlevel,
  "node:timers/promises": timers,
};

const all = examples();

test("there is one for most of what the package exports", () => {
  expect(all.length).toBeGreaterThan(25);
});

test.each(all.map((example) => [example.place, example] as const))(
  "%s runs",
  async (_place, example) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    await runExample(example, modules);
  },
);
