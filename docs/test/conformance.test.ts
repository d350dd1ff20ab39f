import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesIn, root } from "./files.js";

const page = readFileSync(path.join(root, "docs/conformance.md"), "utf8");
const listed = [...page.matchAll(/^- ((?:[A-Z]+-?\d+(?:, | to )?)+)/gmu)].flatMap(
  ([, names = ""]) => factsOf(names),
);
const families = new Set(listed.map(familyOf));

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

test("each fact that a test cites is listed", () => {
  const unknown = [...filesIn("packages"), ...filesIn("tooling"), ...filesIn("docs/examples")]
    .filter((file) => /\/test\/.*\.ts$/u.test(file))
    .flatMap((file) => {
      const cited = readFileSync(path.join(root, file), "utf8").match(/\b[A-Z]+-?\d+\b/gu) ?? [];
      return cited
        .filter((name) => families.has(familyOf(name)) && !listed.includes(name))
        .map((name) => `${file}: ${name}`);
    });
  expect(unknown).toEqual([]);
});
