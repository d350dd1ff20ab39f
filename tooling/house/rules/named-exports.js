import ts from "typescript";
import { everyNode, lineOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Rule } from "../workspace.js" */

/**
 * Sources list what they export by name: no `export *`, no default export.
 *
 * @type {Rule}
 */
export const namedExports = (workspace) =>
  sourcesOf(workspace).flatMap(({ file }) => {
    /** @type {ReturnType<Rule>} */
    const findings = [];
    const add = (/** @type {ts.Node} */ node, /** @type {string} */ problem) => {
      const instead = "list the names: `export { one, two } from`, `export function one`";
      findings.push({ path: file.path, line: lineOf(file, node), problem, instead });
    };
    everyNode(file, (node) => {
      if (ts.isExportDeclaration(node) && !isList(node.exportClause)) {
        add(node, "`export *` hides which names are public");
      } else if (ts.isExportAssignment(node) || isDefault(node)) {
        add(node, "a default export has no name of its own");
      }
    });
    return findings;
  });

/**
 * @param {ts.NamedExportBindings | undefined} clause
 * @returns {boolean}
 */
function isList(clause) {
  return clause !== undefined && ts.isNamedExports(clause);
}

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isDefault(node) {
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  if (!ts.canHaveModifiers(node)) return false;
  return (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}
