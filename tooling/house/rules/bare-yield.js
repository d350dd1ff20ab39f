import ts from "typescript";
import { everyNode, lineOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Rule } from "../workspace.js" */

const generatorPackages = ["structured", "bridge", "executor", "io"];

/** The one place that suspends a task. */
const doors = ["packages/structured/src/suspend.ts"];

/**
 * `yield` without `*` only where a task is suspended: everything else passes on what it calls. That of
 * an async generator gives an item, and is none of a task's.
 *
 * @type {Rule}
 */
export const bareYield = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName }) => {
    if (!generatorPackages.includes(packageName) || doors.includes(file.path)) return [];
    /** @type {ReturnType<Rule>} */
    const findings = [];
    everyNode(file, (node) => {
      if (!ts.isYieldExpression(node) || node.asteriskToken !== undefined) return;
      if (isInAsyncFunction(node)) return;
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        problem: "`yield` without `*` suspends the task by hand",
        instead:
          "`yield*` an operation; to wait for something new, make it a Wait and `yield* suspend(wait)`",
      });
    });
    return findings;
  });

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isInAsyncFunction(node) {
  const around = ts.findAncestor(node, (outer) => ts.isFunctionLike(outer));
  if (around === undefined || !ts.canHaveModifiers(around)) return false;
  return (ts.getModifiers(around) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
}
