import { packageOf } from "../packages.js";
import { importsOf, resolveRelative } from "../syntax.js";

/** @import { Finding, Rule, Workspace } from "../workspace.js" */

/**
 * Another package is imported by the names in its exports map, never by its files.
 *
 * @type {Rule}
 */
export const deepImports = (workspace) =>
  workspace.code.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const found = specifier.startsWith(".")
        ? leavingFinding(workspace, file.path, specifier)
        : unlistedFinding(workspace, specifier);
      return found === undefined ? [] : [{ path: file.path, line, ...found }];
    }),
  );

/**
 * @param {Workspace} workspace
 * @param {string} from
 * @param {string} specifier
 * @returns {Pick<Finding, "problem" | "instead"> | undefined}
 */
function leavingFinding(workspace, from, specifier) {
  const home = homeOf(from);
  const target = resolveRelative(new Set(workspace.texts.keys()), from, specifier);
  if (home === undefined || target === home || target.startsWith(`${home}/`)) return undefined;
  return {
    problem: `${specifier} leaves ${home}`,
    instead: "import the other package by its name",
  };
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function homeOf(name) {
  return /^(?:packages|tooling|docs\/examples)\/[^/]+(?=\/)/u.exec(name)?.[0];
}

/**
 * @param {Workspace} workspace
 * @param {string} specifier
 * @returns {Pick<Finding, "problem" | "instead"> | undefined}
 */
function unlistedFinding(workspace, specifier) {
  const target = packageOf(specifier);
  if (target === undefined) return undefined;
  const manifest = workspace.manifests.get(target.name);
  if (manifest === undefined) {
    return { problem: `there is no package ${target.name}`, instead: "name one under packages/" };
  }
  const names = Object.keys(manifest.fields["exports"] ?? {});
  if (names.includes(target.subpath)) return undefined;
  const entries = names.filter((name) => !name.endsWith(".json"));
  return {
    problem: `${specifier} is not in the exports of ${target.name}`,
    instead: `import it from ${entries.map((name) => target.name + name.slice(1)).join(" or ")}`,
  };
}
