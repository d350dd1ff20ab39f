// The entries of the published packages, as their exports maps name them.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {object} Entry
 * @property {string} folder the package's folder
 * @property {string} specifier what users import, such as "@trestle/structured/lowlevel"
 * @property {string} list the name of its list of names, such as "structured.lowlevel"
 * @property {Record<"import" | "require", { types: string, default: string }>} files
 */

const workspace = path.resolve(import.meta.dirname, "..", "..");

// turbo runs these checks again when one of the dependencies has changed, so all must be listed.
const known = new Set(
  Object.keys(
    JSON.parse(readFileSync(path.join(import.meta.dirname, "package.json"), "utf8")).dependencies,
  ),
);

/** @returns {Entry[]} */
export function entries() {
  const packages = path.join(workspace, "packages");
  return readdirSync(packages)
    .toSorted()
    .flatMap((name) => entriesIn(path.join(packages, name)));
}

/**
 * @param {string} folder
 * @returns {Entry[]}
 */
function entriesIn(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  if (manifest.private === true) return [];
  if (!known.has(manifest.name)) {
    throw new Error(
      `Cannot check ${manifest.name}: add it to the dependencies in tooling/packaging/package.json.`,
    );
  }
  return Object.entries(manifest.exports)
    .filter(([name]) => !name.endsWith(".json"))
    .map(([name, files]) => ({
      folder,
      specifier: manifest.name + name.slice(1),
      list: path.basename(folder) + name.slice(1).replaceAll("/", "."),
      files,
    }));
}
