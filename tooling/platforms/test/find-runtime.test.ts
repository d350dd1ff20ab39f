import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { findRuntime } from "../find-runtime.js";

test.for(["bun", "deno"] as const)(
  "finds %s where it is installed, else says what to do",
  (name) => {
    const found = findRuntime(name, {});
    if ("missing" in found) {
      expect(found.missing).toContain(`TRESTLE_${name.toUpperCase()}=FILE`);
    } else {
      expect(execFileSync(found.binary, ["--version"], { encoding: "utf8" })).toMatch(
        /\d+\.\d+\.\d+/u,
      );
    }
  },
);

test("takes the one that the environment names", () => {
  expect(findRuntime("bun", { TRESTLE_BUN: "some/bun" })).toEqual({
    binary: path.resolve("some/bun"),
  });
  expect(findRuntime("deno", { TRESTLE_DENO: "" }, "sunos-sparc")).toHaveProperty("missing");
});

test("finds none for a machine that no package is for", () => {
  expect(findRuntime("deno", {}, "sunos-sparc")).toEqual({
    missing:
      "no package has it for sunos-sparc, or its download failed; TRESTLE_DENO=FILE names another",
  });
});
