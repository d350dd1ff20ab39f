// Where an example finds what it imports: a package of this workspace is its sources, by its own exports map.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.js";

/** The folder of the package that a specifier names, where it is one of this workspace. */
export function packageOf(specifier: string): string | undefined {
  const [, scoped] = /^@trestle\/([^/]+)/u.exec(specifier) ?? [];
  const name = scoped ?? (/^trestle(?:\/|$)/u.test(specifier) ? "trestle" : undefined);
  return name === undefined ? undefined : path.posix.join(root, "packages", name);
}

/** The source file that a specifier names, where its package is one of this workspace. */
export function sourceOf(specifier: string): string | undefined {
  const folder = packageOf(specifier);
  if (folder === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, Record<string, string>>;
  };
  const source = manifest.exports[`.${specifier.slice(manifest.name.length)}`]?.["@trestle/source"];
  return source === undefined ? undefined : path.join(folder, source);
}
