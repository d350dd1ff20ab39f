import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { testGroups } from "../test-groups.js";
import { workspaceRoot } from "../workspace-root.js";

test("each package with tests is in one group", () => {
  const listed = testGroups().flatMap(([, folders]) => folders);
  const packages = readdirSync(path.join(workspaceRoot, "packages"))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(path.join(workspaceRoot, folder, "test")));
  expect(listed.toSorted()).toEqual(packages.toSorted());
});
