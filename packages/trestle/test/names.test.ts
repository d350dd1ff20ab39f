// What makes the meta-package whole: each public name of each package below it is in exactly one of its subpaths.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

/** A name of an entry, and the place where it is made: "structured/src/nursery.ts openNursery". */
interface PublicName {
  readonly name: string;
  readonly origin: string;
}

const packages = path.resolve(import.meta.dirname, "..", "..");
const { dependencies } = manifestOf("trestle") as { dependencies: Record<string, string> };
const below = Object.keys(dependencies).map((name) => name.replace("@trestle/", ""));
const subpaths = entriesOf("trestle").map(({ subpath, file }) => ({
  subpath,
  names: namesOf(file),
}));

function manifestOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(packages, folder, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
}

function entriesOf(folder: string): { readonly subpath: string; readonly file: string }[] {
  const { exports } = manifestOf(folder) as { exports: Record<string, Record<string, string>> };
  return Object.entries(exports).flatMap(([subpath, targets]) => {
    const source = targets["@trestle/source"];
    return source === undefined ? [] : [{ subpath, file: path.join(packages, folder, source) }];
  });
}

/** The names that a file exports from elsewhere. */
function namesOf(file: string): PublicName[] {
  return statementsOf(file).flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    const list = statement.exportClause;
    if (list === undefined || !ts.isNamedExports(list)) return [];
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    return list.elements.map((element) => {
      const name = element.name.text;
      return { name, origin: originOf(file, from, (element.propertyName ?? element.name).text) };
    });
  });
}

/** Follows a name to the file that makes it. What `trestle` makes itself stands for the name that it wraps. */
function originOf(file: string, from: string, name: string): string {
  const target = fileOf(file, from);
  const passedOn = existsSync(target)
    ? namesOf(target).find((found) => found.name === name)
    : undefined;
  if (passedOn !== undefined) return passedOn.origin;
  const wrapped = target.startsWith(path.join(packages, "trestle"))
    ? importedFrom(target, name)
    : undefined;
  if (wrapped !== undefined) return originOf(target, wrapped, name);
  return `${path.relative(packages, target).replaceAll(path.sep, "/")} ${name}`;
}

/** The package that a file imports a name from, in order to wrap it. */
function importedFrom(file: string, name: string): string | undefined {
  for (const statement of statementsOf(file)) {
    if (!ts.isImportDeclaration(statement)) continue;
    const list = statement.importClause?.namedBindings;
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    if (list === undefined || !ts.isNamedImports(list) || !from.startsWith("@trestle/")) continue;
    if (list.elements.some((element) => (element.propertyName ?? element.name).text === name)) {
      return from;
    }
  }
  return undefined;
}

function fileOf(importer: string, specifier: string): string {
  if (specifier.startsWith(".")) {
    return path.resolve(path.dirname(importer), specifier.replace(/\.js$/u, ".ts"));
  }
  const [, folder = "", rest] = /^@trestle\/([^/]+)(?:\/(.+))?$/u.exec(specifier) ?? [];
  const subpath = rest === undefined ? "." : `./${rest}`;
  return entriesOf(folder).find((entry) => entry.subpath === subpath)?.file ?? specifier;
}

function statementsOf(file: string): readonly ts.Statement[] {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest).statements;
}

const wanted = new Map(
  below.flatMap((folder) =>
    entriesOf(folder).flatMap(({ subpath, file }) =>
      namesOf(file).map(({ name, origin }) => [origin, `${folder} ${subpath}: ${name}`] as const),
    ),
  ),
);
const given = subpaths.flatMap(({ subpath, names }) =>
  names.map(({ name, origin }) => ({ name, origin, subpath })),
);

test("each public name of each package is in a subpath", () => {
  expect(wanted.size).toBeGreaterThan(200);
  const origins = new Set(given.map(({ origin }) => origin));
  expect([...wanted].filter(([origin]) => !origins.has(origin)).map(([, text]) => text)).toEqual(
    [],
  );
});

test("no name is in two subpaths", () => {
  const twice = given.filter(
    ({ origin }, index) => given.findIndex((other) => other.origin === origin) !== index,
  );
  expect(twice).toEqual([]);
});

test("every name comes from a package, under the name that it has there", () => {
  const strange = given.filter(
    ({ name, origin }) => !wanted.has(origin) || !origin.endsWith(` ${name}`),
  );
  expect(strange).toEqual([]);
});
