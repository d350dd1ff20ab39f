// Loads every entry of the built packages as ESM and as CJS, and compares the names with the
// committed lists in names/: `pnpm names`, or `pnpm names --update` to write the lists anew. Silent
// where all is well.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { entries } from "./entries.js";
import { declaredNames, difference, listOf, loadIn } from "./exported-names.js";

/** @import { Entry } from "./entries.js" */

const update = process.argv.includes("--update");
const folder = path.join(import.meta.dirname, "names");
mkdirSync(folder, { recursive: true });
/** @type {string[]} */
const complaints = [];

const all = entries();
for (const home of new Set(all.map((entry) => entry.folder))) {
  checkPackage(all.filter((entry) => entry.folder === home));
}
checkLeftOver();

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

/**
 * @param {Entry[]} group the entries of one package
 */
function checkPackage(group) {
  const esm = loadIn(group, "import");
  const cjs = loadIn(group, "require");
  for (const trace of new Set([...esm.traces, ...cjs.traces])) {
    complaints.push(
      `Importing ${group[0]?.specifier} leaves ${trace} behind: nothing may happen at import.`,
    );
  }
  for (const entry of group) {
    const found = listOf(esm.names[entry.specifier] ?? [], declaredNames(entry, "import"));
    const other = listOf(cjs.names[entry.specifier] ?? [], declaredNames(entry, "require"));
    complain(
      `The CJS build of ${entry.specifier} differs from its ESM build`,
      difference(found, other),
    );
    compareWithList(entry, found);
  }
}

/**
 * @param {Entry} entry
 * @param {string[]} found
 */
function compareWithList(entry, found) {
  const file = path.join(folder, `${entry.list}.txt`);
  if (update) {
    writeFileSync(file, `${found.join("\n")}\n`);
    return;
  }
  const expected = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const advice = "where that is meant, run `pnpm names --update` and commit the list";
  complain(
    `${entry.specifier} exports other names than its list (${advice})`,
    difference(expected, found),
  );
}

/** A list whose entry is gone. */
function checkLeftOver() {
  for (const name of readdirSync(folder)) {
    if (all.some((entry) => name === `${entry.list}.txt`)) continue;
    if (update) rmSync(path.join(folder, name));
    else complain(`names/${name} belongs to no entry`, ["run `pnpm names --update`"]);
  }
}

/**
 * @param {string} problem
 * @param {string[]} lines nothing is wrong where there are none
 */
function complain(problem, lines) {
  if (lines.length > 0) complaints.push([`${problem}:`, ...lines].join("\n    "));
}
