import { beforeEach, expect, test, vi } from "vitest";
import { VersionMismatchError } from "../src/version-mismatch-error.js";
import { processWide } from "../src/process-wide.js";

const name = "@trestle/example";

beforeEach(() => {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for(`trestle.process-wide:${name}`)];
});

test("makes the state once, and gives it to all who ask", () => {
  const create = vi.fn<() => { depth: number }>(() => ({ depth: 0 }));
  const first = processWide(name, 1, create);
  const second = processWide(name, 1, create);
  expect(second).toBe(first);
  expect(create).toHaveBeenCalledTimes(1);
});

test("keeps the states of different owners apart", () => {
  const ours = processWide(name, 1, () => ({}));
  const theirs = processWide(`${name}/other`, 1, () => ({}));
  expect(ours).not.toBe(theirs);
});

test("gives one state to two copies of this package", async () => {
  const first = processWide(name, 1, () => ({ depth: 0 }));
  vi.resetModules();
  const copy = await import("../src/process-wide.js");
  expect(copy.processWide).not.toBe(processWide);
  expect(copy.processWide(name, 1, () => ({ depth: 1 }))).toBe(first);
});

test("refuses each use of the state when the copy loaded first has another version of it", () => {
  processWide(name, 1, () => ({ depth: 0 }));
  const refusing = processWide<{ depth?: number }>(name, 2, () => ({ depth: 0 }));
  const uses: (() => unknown)[] = [
    () => refusing.depth,
    () => (refusing.depth = 1),
    () => "depth" in refusing,
    () => delete refusing.depth,
    () => Object.keys(refusing),
    () => Object.assign(refusing, { depth: 1 }),
  ];
  for (const use of uses) expect(use).toThrow(VersionMismatchError);
});

test("names the package and both versions in the refusal, and what to do", () => {
  processWide(name, 3, () => ({}));
  const refusing = processWide<{ depth?: number }>(name, 4, () => ({}));
  expect(() => refusing.depth).toThrow(
    "Cannot use '@trestle/example': two copies of it are loaded that do not fit together (state version 4 here, " +
      "3 in the copy loaded first).\nMake the package manager install one version: 'npm ls @trestle/example' shows who " +
      "asks for which.",
  );
});

test("does not fail while the package is loaded, nor disturb the copy that came first", () => {
  const first = processWide(name, 1, () => ({ depth: 5 }));
  expect(() => processWide(name, 2, () => ({ depth: 0 }))).not.toThrow();
  expect(first.depth).toBe(5);
});
