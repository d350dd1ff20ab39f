import ts from "typescript";
import { everyNode, importsOf, lineOf, readsVariable } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

const variables = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "requestAnimationFrame",
]);
const members = new Set([
  "process.nextTick",
  "performance.now",
  "Date.now",
  "AbortSignal.timeout",
  "scheduler.wait",
]);
const modules = new Set(["timers", "timers/promises", "node:timers", "node:timers/promises"]);

/**
 * Only `host` knows the platform's clock and queues; everything else runs on virtual time too.
 *
 * @type {Rule}
 */
export const bareTimers = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName }) => {
    if (packageName === "host") return [];
    /** @type {Finding[]} */
    const findings = [];
    const add = (/** @type {number} */ line, /** @type {string} */ name) => {
      findings.push({
        path: file.path,
        line,
        problem: `${name} belongs to packages/host: on virtual time it would still be real`,
        instead: "use the Host that was given: now(), soon(callback), at(when, callback)",
      });
    };
    for (const { specifier, line } of importsOf(file)) {
      if (modules.has(specifier)) add(line, specifier);
    }
    everyNode(file, (node) => {
      if (ts.isIdentifier(node) && variables.has(node.text) && readsVariable(node)) {
        add(lineOf(file, node), node.text);
      } else if (ts.isPropertyAccessExpression(node)) {
        const name = memberName(node);
        if (name !== undefined && members.has(name)) add(lineOf(file, node), name);
      } else if (ts.isNewExpression(node) && isIdentifier(node.expression, "Date")) {
        if ((node.arguments ?? []).length === 0) add(lineOf(file, node), "new Date()");
      }
    });
    return findings;
  });

/**
 * @param {ts.PropertyAccessExpression} node
 * @returns {string | undefined}
 */
function memberName(node) {
  const object = node.expression;
  if (ts.isIdentifier(object)) return `${object.text}.${node.name.text}`;
  if (ts.isPropertyAccessExpression(object)) return `${object.name.text}.${node.name.text}`;
  return undefined;
}

/**
 * @param {ts.Node} node
 * @param {string} text
 * @returns {boolean}
 */
function isIdentifier(node, text) {
  return ts.isIdentifier(node) && node.text === text;
}
