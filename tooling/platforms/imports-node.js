// Finds out by reading whether a file can be loaded only where Node's modules are: because it
// imports one, itself or through what it imports.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * @param {string} file its full path
 * @param {string} packages the folder of all packages
 * @param {Map<string, boolean>} known what was found out before
 * @returns {boolean}
 */
export function importsNode(file, packages, known = new Map()) {
  const before = known.get(file);
  if (before !== undefined) return before;
  // Where imports go in a circle, one of the others will tell.
  known.set(file, false);
  const found = importsOf(readFileSync(file, "utf8")).some((specifier) => {
    if (specifier.startsWith("node:") || specifier === "typescript") return true;
    const imported = sourceOf(specifier, file, packages);
    return imported !== undefined && importsNode(imported, packages, known);
  });
  known.set(file, found);
  return found;
}

/**
 * What a text imports for more than its types.
 *
 * @param {string} text
 * @returns {string[]}
 */
function importsOf(text) {
  const statements = text.matchAll(
    /^(?:import|export)\s(?!type\s)(?:[^"'`;]*?\sfrom\s)?\s*"([^"]+)"/gmu,
  );
  const calls = text.matchAll(/(?<!typeof )\bimport\(\s*"([^"]+)"\s*\)/gu);
  return [...statements, ...calls].map(([, specifier = ""]) => specifier);
}

/**
 * @param {string} specifier
 * @param {string} importer
 * @param {string} packages
 * @returns {string | undefined} undefined for what is none of ours
 */
function sourceOf(specifier, importer, packages) {
  const [, name, entry = "index"] = /^@trestle\/([^/]+)(?:\/(.+))?$/u.exec(specifier) ?? [];
  const source =
    name !== undefined
      ? path.join(packages, name, "src", `${entry}.ts`)
      : specifier.startsWith(".")
        ? path.resolve(path.dirname(importer), specifier.replace(/\.js$/u, ".ts"))
        : undefined;
  return source !== undefined && existsSync(source) ? source : undefined;
}
