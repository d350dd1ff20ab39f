import { readFileSync } from "node:fs";
import path from "node:path";
import { workspaceRoot } from "./workspace-root.js";

/**
 * The packages' tests in groups, as `pnpm test` runs them: each group's name, and its folders. A group has a process of its own, for all
 * of the tests in one get in each other's way.
 *
 * @returns {[group: string, folders: string[]][]}
 */
export function testGroups() {
  const { scripts } = JSON.parse(readFileSync(path.join(workspaceRoot, "package.json"), "utf8"));
  /** @type {[string, string[]][]} */
  const found = [];
  for (const [name, script] of Object.entries(scripts)) {
    const [, group = ""] = /^test:(.+)$/u.exec(name) ?? [];
    const [, folders] = /\bvitest run (packages\/.+)$/u.exec(script) ?? [];
    if (group !== "" && folders !== undefined) found.push([group, folders.split(" ")]);
  }
  return found;
}
