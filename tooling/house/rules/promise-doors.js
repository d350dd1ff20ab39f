import ts from "typescript";
import { everyNode, lineOf, readsVariable } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

/** Where structured code meets promises: the run as a whole, a program's entry, the doors for a promise, and tests. */
const doors = [
  "run/run.ts",
  "run/main.ts",
  "interop/from-promise.ts",
  "interop/abortable.ts",
  "testing/cancel-at-each-checkpoint.ts",
  "testing/under-seeds.ts",
];

const names = new Set(["Promise", "PromiseLike", "PromiseConstructor"]);

/**
 * The structured runtime is without promises; they are met in `run`, in `main` and in the promise doors only.
 *
 * @type {Rule}
 */
export const promiseDoors = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName, inner }) => {
    if (packageName !== "structured" || doors.includes(inner)) return [];
    /** @type {Finding[]} */
    const findings = [];
    const add = (/** @type {ts.Node} */ node, /** @type {string} */ what) => {
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        problem: `${what} outside of ${doors.join(", ")}`,
        instead: "take an Operation or a Wait; a promise comes in through fromPromise or abortable",
      });
    };
    everyNode(file, (node) => {
      if (ts.isIdentifier(node) && names.has(node.text) && readsVariable(node)) {
        add(node, `\`${node.text}\``);
      } else if (node.kind === ts.SyntaxKind.AsyncKeyword) {
        add(node, "an async function");
      } else if (ts.isAwaitExpression(node) || isForAwait(node)) {
        add(node, "`await`");
      }
    });
    return findings;
  });

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isForAwait(node) {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined;
}
