// The examples of the docstrings are programs that run as they stand. They live on the platform's host, as they will when
// somebody pastes them; none takes more than some milliseconds. Those that need a network or a file are marked "ts no-run".
import { expect, test, vi } from "vitest";
import { examples, runExample } from "../examples.js";

/** The package's own entries; an example may import these, the ground, and what Node has. */
const entries: Readonly<Record<string, () => Promise<object>>> = {
  "@trestle/structured": () => import("../../src/index.js"),
  "@trestle/structured/lowlevel": () => import("../../src/lowlevel.js"),
  "@trestle/structured/net": () => import("../../src/net.js"),
  "@trestle/structured/streams": () => import("../../src/streams.js"),
  "@trestle/structured/testing": () => import("../../src/testing.js"),
};

function load(specifier: string): Promise<object> {
  const entry = entries[specifier];
  if (entry !== undefined) return entry();
  return import(/* @vite-ignore */ specifier) as Promise<object>;
}

const all = examples();

test("there is one for most of what the package exports", () => {
  expect(all.length).toBeGreaterThan(25);
});

test.each(all.map((example) => [example.place, example] as const))(
  "%s runs",
  async (_place, example) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    await runExample(example, load);
  },
);
