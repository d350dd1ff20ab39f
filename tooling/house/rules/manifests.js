import { entriesOf } from "../workspace.js";

/** @import { Finding, Manifest, Rule } from "../workspace.js" */

/** @type {Readonly<Record<string, unknown>>} */
const everywhere = { license: "MIT", type: "module", sideEffects: false };

/**
 * Published packages agree on what their users rely on: the license, no side effects, sources
 * beside the built files.
 *
 * @type {Rule}
 */
export const manifests = (workspace) =>
  [...workspace.manifests.values()].filter(isPublished).flatMap((manifest) => {
    /** @type {Finding[]} */
    const findings = [];
    const path = `${manifest.folder}/package.json`;
    const add = (/** @type {string} */ problem, /** @type {string} */ instead) => {
      findings.push({ path, line: 1, problem, instead });
    };
    for (const [field, value] of Object.entries(everywhere)) {
      if (manifest.fields[field] === value) continue;
      add(
        `"${field}" is not ${JSON.stringify(value)}`,
        `write "${field}": ${JSON.stringify(value)}`,
      );
    }
    for (const field of ["description", "keywords", "engines", "size-limit"]) {
      if (manifest.fields[field] === undefined)
        add(`no "${field}"`, `write "${field}", as the other packages do`);
    }
    const files = /** @type {string[]} */ (manifest.fields["files"] ?? []);
    if (!files.includes("dist") || !files.includes("src")) {
      add('"files" leaves out dist or src', "publish both: source maps and editors lead to src");
    }
    const targets = /** @type {Record<string, unknown>} */ (manifest.fields["exports"] ?? {});
    if (targets["./package.json"] === undefined) {
      add('no "./package.json" in exports', 'add "./package.json": "./package.json"');
    }
    for (const [name, target] of Object.entries(targets)) {
      if (typeof target !== "object" || target === null) continue;
      if (Object.keys(target)[0] === "@trestle/source") continue;
      add(
        `"${name}" does not start with "@trestle/source"`,
        "put that condition first: tests and types run from source",
      );
    }
    for (const entry of entriesOf(manifest)) {
      if (!workspace.texts.has(entry)) add(`there is no ${entry}`, "export only what exists");
    }
    return findings;
  });

/**
 * @param {Manifest} manifest
 * @returns {boolean}
 */
function isPublished(manifest) {
  return manifest.folder.startsWith("packages/") && manifest.fields["private"] !== true;
}
