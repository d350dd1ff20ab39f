import { entriesOf, isCode } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

const nameless = new Set([
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "shared",
  "types",
  "misc",
  "lib",
]);

/**
 * A file is named after the one thing it owns; names that take anything in are refused.
 *
 * @type {Rule}
 */
export const fileNames = (workspace) => {
  const entries = new Set([...workspace.manifests.values()].flatMap(entriesOf));
  return [...workspace.texts.keys()].filter(isOurs).flatMap((name) => {
    const segments = name.split("/");
    const stem = (segments.pop() ?? "").replace(/\..*$/u, "");
    // Type tests live in test/types: the tests of the types.
    const folders = segments.filter(
      (part, at) => !(part === "types" && segments[at - 1] === "test"),
    );
    const bad = [...folders, stem].find((part) => nameless.has(part));
    if (bad !== undefined) {
      const instead =
        "name it after the noun that it owns, or its one function; a type lives where its values are made";
      return [finding(name, `"${bad}" says nothing about what is inside`, instead)];
    }
    if (stem === "index" && !entries.has(name) && !name.includes("/test/")) {
      const instead = "import the file that makes the name";
      return [finding(name, "an index that is no entry of its package", instead)];
    }
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(stem)) {
      return [finding(name, `"${stem}" is not in kebab-case`, "write it in-small-words")];
    }
    return [];
  });
};

/**
 * @param {string} name
 * @returns {boolean}
 */
function isOurs(name) {
  return isCode(name) && /^(?:packages|tooling|docs\/examples)\//u.test(name);
}

/**
 * @param {string} path
 * @param {string} problem
 * @param {string} instead
 * @returns {Finding}
 */
function finding(path, problem, instead) {
  return { path, line: 1, problem, instead };
}
