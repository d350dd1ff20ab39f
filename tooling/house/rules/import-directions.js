import { allowedFor, leaves, mayImport, packageOf, runtimes } from "../packages.js";
import { importsOf } from "../syntax.js";
import { placeOf } from "../workspace.js";

/** @import { CodeFile, Finding, Manifest, Rule } from "../workspace.js" */

/**
 * Imports between packages point down, as `packages.js` has them.
 *
 * @type {Rule}
 */
export const importDirections = (workspace) => [
  ...workspace.code.flatMap((file) => fileFindings(file)),
  ...[...workspace.manifests.values()].flatMap((manifest) => manifestFindings(manifest)),
];

/**
 * @param {CodeFile} file
 * @returns {Finding[]}
 */
function fileFindings(file) {
  const place = placeOf(file.path);
  if (place === undefined || !["src", "test"].includes(place.part)) return [];
  const allowed = allowedFor(place.package, place.part, place.inner);
  if (allowed === undefined) {
    return [
      {
        path: file.path,
        line: 1,
        problem: `the package ${place.package} has no row in the table of import directions`,
        instead: "say what it may import, in tooling/house/packages.js",
      },
    ];
  }
  return importsOf(file).flatMap(({ specifier, line }) => {
    const target = packageOf(specifier);
    if (target === undefined || allowed.includes(target.package)) return [];
    if (target.package === place.package) {
      const instead = "import the file that makes the name, by its relative path";
      return [{ path: file.path, line, problem: `${specifier} is this package itself`, instead }];
    }
    const list = allowed.length === 0 ? "no other package" : `only ${allowed.join(", ")}`;
    return [
      {
        path: file.path,
        line,
        problem: `${place.package}/${place.part} may not import ${specifier}: it may import ${list}`,
        instead:
          "move the code to a package above both, or pass what it needs in as a parameter or a Wait",
      },
    ];
  });
}

/**
 * @param {Manifest} manifest
 * @returns {Finding[]}
 */
function manifestFindings(manifest) {
  const own = packageOf(manifest.name)?.package;
  if (own === undefined) return [];
  const row = mayImport[own] ?? [];
  const dialects = leaves.includes(own) ? runtimes : [];
  return [
    ...named(manifest, "dependencies", row),
    ...named(manifest, "peerDependencies", [...row, ...dialects]),
    ...named(manifest, "devDependencies", [
      ...row,
      ...dialects,
      ...(own === "host" ? [] : ["testing"]),
    ]),
  ];
}

/**
 * @param {Manifest} manifest
 * @param {string} field
 * @param {readonly string[]} allowed
 * @returns {Finding[]}
 */
function named(manifest, field, allowed) {
  return Object.keys(manifest.fields[field] ?? {}).flatMap((name) => {
    const target = packageOf(name)?.package;
    if (target === undefined || allowed.includes(target)) return [];
    return [
      {
        path: `${manifest.folder}/package.json`,
        line: 1,
        problem: `${manifest.name} may not have ${name} in its ${field}`,
        instead:
          "imports between packages point down: move the code that needs it to a package above both",
      },
    ];
  });
}
