import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findNode, majors } from "../find-node.js";

test.for(majors)("finds Node %s where it is installed, else says what to do", (major) => {
  const found = findNode(major, {});
  if ("missing" in found) {
    expect(found.missing).toContain(`TRESTLE_NODE_${major}=FILE`);
  } else {
    const version = execFileSync(found.binary, ["--version"], { encoding: "utf8" });
    expect(version.startsWith(`v${major}.`)).toBe(true);
  }
});

test("takes the one that the environment names", () => {
  expect(findNode("24", { TRESTLE_NODE_24: "some/node" })).toEqual({
    binary: path.resolve("some/node"),
  });
  expect(findNode("24", { TRESTLE_NODE_24: "" }, "sunos-sparc")).toHaveProperty("missing");
});

test("finds none for a machine that no package is for", () => {
  expect(findNode("24", {}, "sunos-sparc")).toEqual({
    missing:
      "no package has it for sunos-sparc, or its download failed; TRESTLE_NODE_24=FILE names another",
  });
});

test("looks where the packages are, whoever asks", () => {
  const found = findNode("24", {});
  expect("missing" in found || existsSync(found.binary)).toBe(true);
});
