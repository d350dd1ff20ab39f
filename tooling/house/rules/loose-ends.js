/** @import { Finding, Rule } from "../workspace.js" */

// Written so that this file does not find itself.
const reminder = /\b(?:TO[D]O|FIX[M]E)\b/u;
const home = /(?<![\w./])(?:\/home\/\w|\/Users\/\w|\/root\/\w|[A-Z]:\\Users\\)/u;

/**
 * Nothing is left for later in a comment, and no file knows the machine it was written on.
 *
 * @type {Rule}
 */
export const looseEnds = (workspace) =>
  [...workspace.texts].flatMap(([path, text]) =>
    text.split("\n").flatMap((content, at) => lineFindings(path, at + 1, content)),
  );

/**
 * @param {string} path
 * @param {number} line
 * @param {string} content
 * @returns {Finding[]}
 */
function lineFindings(path, line, content) {
  /** @type {Finding[]} */
  const findings = [];
  const word = reminder.exec(content)?.[0];
  if (word !== undefined) {
    const instead = "do it, or write down what holds today, and why";
    findings.push({ path, line, problem: `${word} in a file`, instead });
  }
  if (home.test(content)) {
    const instead = "write a path from the root of the workspace, or one made at run time";
    findings.push({ path, line, problem: "a path of one machine's home folder", instead });
  }
  return findings;
}
