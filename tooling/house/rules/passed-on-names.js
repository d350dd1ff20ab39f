import ts from "typescript";
import { packageOf } from "../packages.js";
import { lineOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Rule } from "../workspace.js" */

/**
 * A name has one home: no package passes on those of another, but for `trestle`, which is made of
 * them.
 *
 * @type {Rule}
 */
export const passedOnNames = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName }) => {
    if (packageName === "trestle") return [];
    return file.syntax.statements.filter(ts.isExportDeclaration).flatMap((statement) => {
      const from = statement.moduleSpecifier;
      if (from === undefined || !ts.isStringLiteral(from)) return [];
      if (packageOf(from.text) === undefined) return [];
      const problem = `this passes on names of ${from.text}`;
      const instead = `let users import them from ${from.text}; \`trestle\` has the names of all packages`;
      return [{ path: file.path, line: lineOf(file, statement), problem, instead }];
    });
  });
