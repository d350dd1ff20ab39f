// Questions that several rules ask about a file's syntax.
import ts from "typescript";

/** @import { CodeFile } from "./workspace.js" */

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {number} line
 * @property {boolean} typeOnly true where nothing is loaded at run time
 */

/**
 * Everything that a file imports: declarations, re-exports, `import()`, `require()` and import
 * types.
 *
 * @param {CodeFile} file
 * @returns {Import[]}
 */
export function importsOf(file) {
  /** @type {Import[]} */
  const imports = [];
  const add = (/** @type {ts.Node | undefined} */ node, /** @type {boolean} */ typeOnly) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    imports.push({ specifier: node.text, line: lineOf(file, node), typeOnly });
  };
  everyNode(file, (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const loads =
        callee.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(callee) && callee.text === "require");
      if (loads) add(node.arguments[0], false);
    }
  });
  return imports;
}

/**
 * Calls back for every node of a file, outer ones first.
 *
 * @param {CodeFile} file
 * @param {(node: ts.Node) => void} callback
 */
export function everyNode(file, callback) {
  const visit = (/** @type {ts.Node} */ node) => {
    callback(node);
    ts.forEachChild(node, visit);
  };
  visit(file.syntax);
}

/**
 * @param {CodeFile} file
 * @param {ts.Node} node
 * @returns {number} counted from 1
 */
export function lineOf(file, node) {
  return file.syntax.getLineAndCharacterOfPosition(node.getStart(file.syntax)).line + 1;
}

/**
 * Whether an identifier reads a variable, rather than naming a property, a member, a parameter or a
 * declaration. A property of the global object counts as the variable.
 *
 * @param {ts.Identifier} node
 * @returns {boolean}
 */
export function readsVariable(node) {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return isGlobalObject(parent.expression);
  }
  if (ts.isBindingElement(parent)) {
    const declaration = parent.parent.parent;
    if (parent.propertyName === node || parent.propertyName === undefined) {
      return ts.isVariableDeclaration(declaration) && isGlobalObject(declaration.initializer);
    }
    return parent.initializer === node;
  }
  if (ts.isQualifiedName(parent) && parent.right === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const named = /** @type {{ name?: ts.Node, propertyName?: ts.Node }} */ (parent);
  return named.name !== node && named.propertyName !== node;
}

/**
 * @param {ts.Node | undefined} node
 * @returns {boolean}
 */
function isGlobalObject(node) {
  if (node === undefined) return false;
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) {
    return isGlobalObject(node.expression);
  }
  return ts.isIdentifier(node) && ["globalThis", "window", "self", "global"].includes(node.text);
}

/**
 * Where a relative import leads, as a path of the workspace: a `.js` specifier names the `.ts`
 * file.
 *
 * @param {ReadonlySet<string>} paths
 * @param {string} from
 * @param {string} specifier
 * @returns {string}
 */
export function resolveRelative(paths, from, specifier) {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const target = parts.join("/");
  const typed = target.replace(/\.([cm]?)js$/u, ".$1ts");
  return paths.has(typed) ? typed : target;
}
