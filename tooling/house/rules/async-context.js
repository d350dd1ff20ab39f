import ts from "typescript";
import { everyNode, lineOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

const rooms = [
  "packages/loop/src/current.ts",
  "packages/structured/src/async-context.ts",
  "packages/bridge/src/carried-variables.ts",
  "packages/loop/src/await-call.ts",
  "packages/executor/src/submitter-context.ts",
  "packages/executor/src/worker/job-side.ts",
];
const names = new Set(["AsyncLocalStorage", "async_hooks", "node:async_hooks"]);

/**
 * Each runtime, and what carries variables from one to the other, meets the platform's async context
 * in one file: its first use slows every `await` of the process down.
 *
 * @type {Rule}
 */
export const asyncContext = (workspace) =>
  sourcesOf(workspace).flatMap(({ file }) => {
    if (rooms.includes(file.path)) return [];
    /** @type {Finding[]} */
    const findings = [];
    everyNode(file, (node) => {
      if (!ts.isIdentifier(node) && !ts.isStringLiteralLike(node)) return;
      if (!names.has(node.text)) return;
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        problem: `${node.text} outside of ${rooms.join(", ")}`,
        instead: "ask those files for the current context, or for running a callback in one",
      });
    });
    return findings;
  });
