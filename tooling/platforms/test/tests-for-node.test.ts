import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { testsForNode } from "../tests-for-node.js";
import { workspaceRoot } from "../workspace-root.js";

test.for(Object.entries(testsForNode))("lists tests that there are: %s", ([file, titles]) => {
  const text = readFileSync(path.join(workspaceRoot, file), "utf8");
  for (const title of Object.keys(titles)) {
    expect(text).toContain(`test("${title}`);
  }
});
