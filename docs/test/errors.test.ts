import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesIn, root } from "./files.js";

const page = readFileSync(path.join(root, "docs/errors.md"), "utf8");
/** Each code of the page, with the first line of its entry. */
const entries = new Map(
  [...page.matchAll(/^### (TRESTLE_\w+)\n\n(.+)$/gmu)].map(([, code = "", opening = ""]) => [
    code,
    opening,
  ]),
);
const sources = filesIn("packages")
  .filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/u.test(file))
  .map((file) => readFileSync(path.join(root, file), "utf8"));
const classes = sources.flatMap((source) =>
  [
    ...source.matchAll(
      /^export class (\w+)[^{]*\{\s+static override readonly code = "(TRESTLE_\w+)";/gmu,
    ),
  ].map(([, name = "", code = ""]) => ({ name, code })),
);
/** All codes that stand outside of comments. */
const codes = sources.flatMap((source) =>
  [...source.matchAll(/^(?!\s*(?:\/\/|\/?\*)).*"(TRESTLE_\w+)"/gmu)].map(([, code = ""]) => code),
);

test("every code has an entry", () => {
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => !entries.has(code))).toEqual([]);
});

test("every entry has a code", () => {
  expect([...entries.keys()].filter((code) => !codes.includes(code))).toEqual([]);
});

test("an entry begins with the class that has the code", () => {
  expect(
    classes.filter(({ name, code }) => !entries.get(code)?.startsWith(`\`${name}\` of `)),
  ).toEqual([]);
});

test("no two kinds of error have one code", () => {
  // A leaf that must not know a runtime has classes of its own for errors of the runtime: of the same name.
  const names = new Map(classes.map(({ name, code }) => [code, name]));
  expect(classes.filter(({ name, code }) => names.get(code) !== name)).toEqual([]);
});

test("entries stand in the order of the alphabet", () => {
  expect([...entries.keys()]).toEqual([...entries.keys()].toSorted());
});
