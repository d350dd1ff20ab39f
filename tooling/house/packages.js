// The order of the packages, from the ground up: imports point down, and a wall stands between the
// two runtimes.

/**
 * What a package's sources may import of the others.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayImport = {
  host: [],
  testing: ["host"],
  structured: ["host"],
  loop: ["host"],
  executor: ["host"],
  io: ["host"],
  "executor-bullmq": ["host", "executor"],
  bridge: ["host", "structured", "loop"],
  trestle: ["host", "testing", "structured", "loop", "executor", "io", "bridge"],
};

/** Packages that know no runtime; their dialect entries, named after a runtime, know that one. */
export const leaves = ["executor", "io"];

/** The two sides of the wall. */
export const runtimes = ["structured", "loop"];

/** Packages that may name both runtimes in one file. */
export const crossings = ["bridge", "trestle"];

/**
 * The package that an import names: "@trestle/loop" is `loop`, "trestle/io" is `trestle`.
 *
 * @param {string} specifier
 * @returns {{ name: string, package: string, subpath: string } | undefined}
 */
export function packageOf(specifier) {
  const match = /^(?:@trestle\/([^/]+)|(trestle))(?:\/(.+))?$/u.exec(specifier);
  if (match === null) return undefined;
  const [, scoped, top, rest] = match;
  return {
    name: scoped === undefined ? "trestle" : `@trestle/${scoped}`,
    package: scoped ?? top ?? "",
    subpath: rest === undefined ? "." : `./${rest}`,
  };
}

/**
 * What one file may import: the package's own row, the runtime of a dialect entry, and `testing` in
 * tests.
 *
 * @param {string} packageName
 * @param {string} part "src" or "test"
 * @param {string} inner the path below that
 * @returns {readonly string[] | undefined} undefined where the package is unknown
 */
export function allowedFor(packageName, part, inner) {
  const row = mayImport[packageName];
  if (row === undefined) return undefined;
  const dialect = runtimes.filter(
    (runtime) => inner === `${runtime}.ts` || inner.startsWith(`${runtime}/`),
  );
  const leaf = leaves.includes(packageName);
  if (part === "src") return leaf ? [...row, ...dialect] : row;
  // `testing` stands on host: in host's tests it would close a circle.
  const tools = packageName === "host" ? [] : ["testing"];
  return [packageName, ...row, ...tools, ...(leaf ? runtimes : [])];
}
