// The names that built files export: asked of Node for the values, read from the declarations for
// the types.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** @import { Entry } from "./entries.js" */
/** @typedef {"import" | "require"} Format */

/**
 * What one process reports that loaded the entries of a package.
 *
 * @typedef {object} Loaded
 * @property {Record<string, string[]>} names by specifier
 * @property {string[]} traces what loading left behind: a global, a listener, a timer
 */

// Node runs this with the package's folder as its own, so the package is found under its own name:
// by its exports map.
const watch = `
  // Loading a module leaves finished requests of the file system.
  const isHandle = (name) => !name.includes("Req");
  const seen = () => [
    ...Object.getOwnPropertyNames(globalThis).map((name) => "the global " + name),
    ...process.eventNames().map((name) => "a listener for " + String(name) + " of process"),
    ...process.getActiveResourcesInfo().filter(isHandle).map((name) => "an active " + name),
  ];
  const { foreign, specifiers } = JSON.parse(process.argv[1]);
  const before = [];
  const report = (names) => {
    const traces = seen().filter((name) => !before.includes(name));
    process.stdout.write(JSON.stringify({ names, traces }));
  };
`;
const load = {
  import: `${watch}
    await Promise.all(foreign.map((name) => import(name)));
    before.push(...seen());
    const modules = await Promise.all(specifiers.map((name) => import(name)));
    report(Object.fromEntries(specifiers.map((name, at) => [name, Object.keys(modules[at])])));`,
  require: `${watch}
    for (const name of foreign) require(name);
    before.push(...seen());
    report(Object.fromEntries(specifiers.map((name) => [name, Object.keys(require(name))])));`,
};

/**
 * Loads the entries of one package in a process of their own.
 *
 * @param {Entry[]} entries of one package
 * @param {Format} format
 * @returns {Loaded}
 */
export function loadIn(entries, format) {
  const type = format === "import" ? "module" : "commonjs";
  const specifiers = entries.map(({ specifier }) => specifier);
  const foreign = foreignIn(entries[0]?.folder ?? "");
  const output = execFileSync(
    process.execPath,
    [`--input-type=${type}`, "--eval", load[format], JSON.stringify({ foreign, specifiers })],
    { cwd: entries[0]?.folder, encoding: "utf8" },
  );
  return JSON.parse(output);
}

/**
 * What a package depends on that is not from here, and is loaded first: what it leaves behind is its own.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function foreignIn(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const names = Object.keys(manifest.dependencies ?? {});
  return names.filter((name) => !name.startsWith("@trestle/"));
}

/**
 * The names that an entry's declarations list, values and types alike.
 *
 * @param {Entry} entry
 * @param {Format} format
 * @returns {string[]}
 */
export function declaredNames(entry, format) {
  const file = path.join(entry.folder, entry.files[format].types);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const list = statement.exportClause;
    if (list === undefined || !ts.isNamedExports(list)) return [];
    return list.elements.map((element) => element.name.text);
  });
}

/**
 * The list of an entry: its values in order, then its types.
 *
 * @param {string[]} values
 * @param {string[]} declared
 * @returns {string[]}
 */
export function listOf(values, declared) {
  const types = declared.filter((name) => !values.includes(name));
  return [...values.toSorted(), ...types.toSorted().map((name) => `type ${name}`)];
}

/**
 * What one list has and the other has not, a line each.
 *
 * @param {string[]} expected
 * @param {string[]} found
 * @returns {string[]}
 */
export function difference(expected, found) {
  return [
    ...expected.filter((name) => !found.includes(name)).map((name) => `- ${name}`),
    ...found.filter((name) => !expected.includes(name)).map((name) => `+ ${name}`),
  ];
}
