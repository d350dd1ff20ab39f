// What the rules see: every file of the workspace with its text, parsed where it is code. A
// workspace is made from disk, or from a record of paths and texts, so that a rule's test plants
// its violation in a few lines.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * @typedef {object} Finding
 * @property {string} path
 * @property {number} line
 * @property {string} problem what is wrong
 * @property {string} instead what to do
 * @property {"error" | "warning"} [severity] an error unless told otherwise
 */

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} folder such as "packages/host"
 * @property {Record<string, unknown>} fields
 */

/**
 * @typedef {object} CodeFile
 * @property {string} path from the workspace's root, with slashes
 * @property {string} text
 * @property {ts.SourceFile} syntax
 */

/**
 * @typedef {object} Workspace
 * @property {Map<string, string>} texts every file by its path
 * @property {CodeFile[]} code the files in TypeScript and JavaScript
 * @property {Map<string, Manifest>} manifests by the package's name
 */

/** @typedef {(workspace: Workspace) => Finding[]} Rule */

const folders = ["packages", "tooling", "docs", ".changeset"];
const skipped = new Set(["node_modules", "dist", "coverage", ".turbo", "site", "CHANGELOG.md"]);
const read = /\.(?:[cm]?[jt]s|json|jsonc|md|ya?ml|html|css|sh)$/u;

/**
 * @param {string} root the folder that holds the workspace's package.json
 * @returns {Workspace}
 */
export function readWorkspace(root) {
  /** @type {Record<string, string>} */
  const texts = {};
  const visit = (/** @type {string} */ folder, /** @type {boolean} */ deep) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (deep || folders.includes(name)) visit(name, true);
      } else if (entry.isFile() && read.test(entry.name) && entry.name !== "pnpm-lock.yaml") {
        texts[name] = readFileSync(path.join(root, name), "utf8");
      }
    }
  };
  visit("", false);
  return workspaceOf(texts);
}

/**
 * @param {Record<string, string>} texts
 * @returns {Workspace}
 */
export function workspaceOf(texts) {
  const paths = Object.keys(texts).toSorted();
  const code = paths.filter(isCode).map((name) => {
    const text = texts[name] ?? "";
    return {
      path: name,
      text,
      syntax: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true),
    };
  });
  const manifests = paths
    .filter((name) => /^(?:packages|tooling|docs\/examples)\/[^/]+\/package\.json$/u.test(name))
    .map((name) => {
      const fields = JSON.parse(texts[name] ?? "{}");
      return { name: String(fields.name), folder: path.posix.dirname(name), fields };
    });
  return {
    texts: new Map(paths.map((name) => [name, texts[name] ?? ""])),
    code,
    manifests: new Map(manifests.map((manifest) => [manifest.name, manifest])),
  };
}

/**
 * @param {string} name
 * @returns {boolean}
 */
export function isCode(name) {
  return /\.[cm]?[jt]s$/u.test(name);
}

/**
 * The package and the part of it that a path belongs to: "packages/loop/src/sync/lock.ts" is
 * `sync/lock.ts` in `src` of `loop`.
 *
 * @param {string} name
 * @returns {{ package: string, part: string, inner: string } | undefined}
 */
export function placeOf(name) {
  const match = /^packages\/([^/]+)\/([^/]+)\/(.+)$/u.exec(name);
  if (match === null) return undefined;
  const [, packageName = "", part = "", inner = ""] = match;
  return { package: packageName, part, inner };
}

/**
 * The code in `packages/NAME/src`, each file with its place.
 *
 * @param {Workspace} workspace
 * @returns {{ file: CodeFile, packageName: string, inner: string }[]}
 */
export function sourcesOf(workspace) {
  return workspace.code.flatMap((file) => {
    const place = placeOf(file.path);
    if (place?.part !== "src") return [];
    return [{ file, packageName: place.package, inner: place.inner }];
  });
}

/**
 * The paths that a package's exports map names as sources: its entry files.
 *
 * @param {Manifest} manifest
 * @returns {string[]}
 */
export function entriesOf(manifest) {
  const exports = /** @type {Record<string, unknown>} */ (manifest.fields["exports"] ?? {});
  return Object.values(exports).flatMap((target) => {
    if (typeof target !== "object" || target === null) return [];
    const source = /** @type {Record<string, unknown>} */ (target)["@trestle/source"];
    return typeof source === "string" ? [path.posix.join(manifest.folder, source)] : [];
  });
}
