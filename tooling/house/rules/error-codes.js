import ts from "typescript";
import { everyNode, lineOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

const page = "docs/errors.md";
const code = /\bTRESTLE_[A-Z0-9_]+\b/gu;

/**
 * Each error code has an entry in docs/errors.md, and each entry there has its code.
 *
 * @type {Rule}
 */
export const errorCodes = (workspace) => {
  const text = workspace.texts.get(page) ?? "";
  const explained = new Set([...text.matchAll(code)].map(([name]) => name));
  const used = new Set();
  /** @type {Finding[]} */
  const findings = [];
  for (const { file } of sourcesOf(workspace)) {
    everyNode(file, (node) => {
      if (!ts.isStringLiteralLike(node) || !/^TRESTLE_[A-Z0-9_]+$/u.test(node.text)) return;
      const first = !used.has(node.text);
      used.add(node.text);
      if (!first || explained.has(node.text)) return;
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        problem: `${node.text} has no entry in ${page}`,
        instead: "say there when it is thrown, and what to do about it",
      });
    });
  }
  for (const name of explained) {
    if (used.has(name)) continue;
    const line = text.slice(0, text.indexOf(name)).split("\n").length;
    const problem = `no source has the code ${name}`;
    findings.push({
      path: page,
      line,
      problem,
      instead: "take the entry out, or correct the code",
    });
  }
  return findings;
};
