// The workspace's files, as the tests of the documents see them.
import { readdirSync } from "node:fs";
import path from "node:path";

/** The top of the workspace. */
export const root = path.resolve(import.meta.dirname, "..", "..").replaceAll(path.sep, "/");

const passedOver = new Set([
  "node_modules",
  "dist",
  "coverage",
  ".turbo",
  ".vitepress",
  "api",
  "site",
  "CHANGELOG.md",
]);

/** The files of a folder and of all folders in it, by their paths from the top. */
export function filesIn(folder: string): string[] {
  return entriesOf(folder).flatMap(({ name, isFolder }) => (isFolder ? filesIn(name) : [name]));
}

/** The files at the top itself. */
export function filesAtTop(): string[] {
  return entriesOf("").flatMap(({ name, isFolder }) => (isFolder ? [] : [name]));
}

function entriesOf(folder: string): { name: string; isFolder: boolean }[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => !passedOver.has(entry.name))
    .map((entry) => ({ name: path.posix.join(folder, entry.name), isFolder: entry.isDirectory() }));
}
