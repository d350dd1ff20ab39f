import ts from "typescript";
import { sourcesOf } from "../workspace.js";

/** @import { CodeFile, Rule } from "../workspace.js" */

/**
 * Each source has its test at the same path; a file that only lists names or types has nothing to
 * test.
 *
 * @type {Rule}
 */
export const mirroredTests = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName, inner }) => {
    const test = `packages/${packageName}/test/${inner.replace(/\.ts$/u, ".test.ts")}`;
    if (!doesSomething(file) || workspace.texts.has(test)) return [];
    const problem = `no test at ${test}`;
    return [{ path: file.path, line: 1, problem, instead: "write it there, what it does first" }];
  });

/**
 * @param {CodeFile} file
 * @returns {boolean}
 */
function doesSomething(file) {
  return !file.syntax.statements.every(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement),
  );
}
