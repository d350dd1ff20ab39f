import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesIn, root } from "./files.js";

/** A line of the page: facts, how Trestle stands to them, and the test files that it names. */
interface Row {
  readonly names: readonly string[];
  readonly stance: string;
  readonly text: string;
  readonly files: readonly string[];
}

const TRIO_TESTS = 252;
const stances = ["same", "differs", "differ", "none"];

const page = readFileSync(path.join(root, "docs/conformance.md"), "utf8");
const rows = page
  .replaceAll(/\n {2}(?=\S)/gu, " ")
  .split("\n")
  .flatMap(rowOf);
const listed = rows.flatMap(({ names }) => names);
const families = new Set(listed.map(familyOf));

const tests = [...filesIn("packages"), ...filesIn("tooling"), ...filesIn("docs/examples")]
  .filter((file) => /\/test\/.*\.ts$/u.test(file))
  .map((file) => ({ file, source: readFileSync(path.join(root, file), "utf8") }));
const citedBy = new Map(tests.map(({ file, source }) => [file, new Set(titlesOf(source))]));
const cited = new Set([...citedBy.values()].flatMap((names) => [...names]));

function rowOf(line: string): Row[] {
  const [, names = "", rest = ""] = /^- ((?:[A-Z]+-?\d+(?:, | to )?)+) (.*)$/u.exec(line) ?? [];
  if (names === "") return [];
  const [, stance = ""] = /^([a-z]+)/u.exec(rest) ?? [];
  const [, files = ""] = /\((`[a-z\d/-]+`(?:, `[a-z\d/-]+`)*)\)\.?$/u.exec(rest) ?? [];
  const named = files.match(/[a-z\d/-]+/gu) ?? [];
  return [{ names: factsOf(names), stance, text: line, files: named.map(testFileOf) }];
}

/** "nursery" is a test of structured, "testing/trace" one of testing. */
function testFileOf(name: string): string {
  const own = `packages/structured/test/${name}.test.ts`;
  return existsSync(path.join(root, own)) ? own : `packages/${name.replace("/", "/test/")}.test.ts`;
}

/** The facts that the strings of a source name; in comments they do not count. */
function titlesOf(source: string): string[] {
  const strings = source.matchAll(/(["`])((?:(?!\1)[^\\\n]|\\.)*)\1/gu);
  return [...strings].flatMap(([, , text = ""]) =>
    (text.match(/\b[A-Z]+-?\d+\b(?: to [A-Z]+-?\d+\b)?/gu) ?? []).flatMap(factsOf),
  );
}

/** "SCOPE-20" is of the family "SCOPE-", "T20" of "T". */
function familyOf(name: string): string {
  return name.replace(/\d+$/u, "");
}

/** "CL-3 to CL-5, CL-7" is CL-3, CL-4, CL-5, CL-7. */
function factsOf(names: string): string[] {
  return names.split(", ").flatMap((part) => {
    const [from = "", to = from] = part.trim().split(" to ");
    const family = familyOf(from);
    const [first, last] = [from, to].map((name) => Number(name.slice(family.length))) as [
      number,
      number,
    ];
    return Array.from({ length: last - first + 1 }, (_, index) => `${family}${first + index}`);
  });
}

test("each fact is listed once", () => {
  expect(listed.filter((name, index) => listed.indexOf(name) !== index)).toEqual([]);
});

test("each family of facts is without gaps", () => {
  const gaps = [...families].flatMap((family) => {
    const numbers = listed
      .filter((name) => familyOf(name) === family)
      .map((name) => Number(name.slice(family.length)));
    return numbers
      .toSorted((a, b) => a - b)
      .flatMap((number, index) => (number === index + 1 ? [] : [`${family}${index + 1}`]));
  });
  expect(gaps).toEqual([]);
});

test("each of Trio's own tests has a row to itself", () => {
  const all = Array.from({ length: TRIO_TESTS }, (_, index) => `T${index + 1}`);
  const alone = rows.filter(({ names }) => names.length === 1).flatMap(({ names }) => names);
  expect(all.filter((name) => !alone.includes(name))).toEqual([]);
  expect(listed.filter((name) => familyOf(name) === "T" && !all.includes(name))).toEqual([]);
});

test("each of them that holds here, also where it differs, names the test files that show it", () => {
  const bare = rows
    .filter(({ names: [name = ""] }) => familyOf(name) === "T")
    .filter(({ stance, files }) => /same|differs/u.test(stance) && files.length === 0)
    .map(({ text }) => text);
  expect(bare).toEqual([]);
});

test("each row says how Trestle stands to it", () => {
  const silent = rows.filter(({ stance }) => !stances.includes(stance)).map(({ text }) => text);
  expect(silent).toEqual([]);
});

test("each fact that is said to be the same is cited by the title of a test", () => {
  const unshown = rows
    .filter(({ stance }) => stance === "same")
    .flatMap(({ names }) => names)
    .filter((name) => !cited.has(name));
  expect(unshown).toEqual([]);
});

test("each test file that a row names cites that row", () => {
  const wrong = rows.flatMap(({ names, files }) =>
    files.flatMap((file) =>
      names
        .filter((name) => citedBy.get(file)?.has(name) !== true)
        .map((name) => `${name}: ${file}`),
    ),
  );
  expect(wrong).toEqual([]);
});

test("each fact that a test cites is listed", () => {
  const unknown = tests.flatMap(({ file, source }) =>
    (source.match(/\b[A-Z]+-?\d+\b/gu) ?? [])
      .filter((name) => families.has(familyOf(name)) && !listed.includes(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(unknown).toEqual([]);
});
