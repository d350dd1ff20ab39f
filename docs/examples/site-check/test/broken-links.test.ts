import { expect, test } from "vitest";
import { findBrokenLinks } from "../src/broken-links.js";
import { Ledger, type Entry, type Finding } from "../src/ledger.js";
import { resolveLink } from "../src/link-target.js";

const SITE = "http://site.test";

/** An entry that is linked from these fragments, one a line of the front page. */
function entry(
  ledger: Ledger,
  path: string,
  finding: Finding | undefined,
  fragments: readonly string[] = [""],
): Entry {
  const made = ledger.add(`${SITE}${path}`, 0);
  made.finding = finding;
  for (const [index, fragment] of fragments.entries()) {
    made.mentions.push({ page: `${SITE}/`, line: index + 1, fragment });
  }
  return made;
}

function document(anchors: readonly string[], whole = true): Finding {
  return { kind: "document", whole, links: [], anchors: new Set(anchors) };
}

function reasons(ledger: Ledger): string[] {
  return findBrokenLinks(ledger).map(
    ({ target, reason, linkedFrom }) =>
      `${ledger.label(target)} | ${reason} | ${linkedFrom.map(({ line }) => line).join(" ")}`,
  );
}

test("judges the fragments of a page apart, and its absence once", () => {
  const ledger = new Ledger(SITE);
  entry(ledger, "/here", document(["a"]), ["a", "b", "c", "b"]);
  entry(ledger, "/gone", { kind: "failed", reason: "404 Not Found" }, ["a", "b", ""]);
  expect(reasons(ledger)).toEqual([
    "/gone | 404 Not Found | 1 2 3",
    '/here#b | no element has the id "b" | 2 4',
    '/here#c | no element has the id "c" | 3',
  ]);
});

test.each([
  ["", [], true],
  ["top", [], true],
  ["TOP", [], true],
  ["top", ["Top"], true],
  ["a", ["a"], true],
  ["A", ["a"], false],
  ["gr%C3%BCn", ["grün"], true],
  ["50%", ["50%"], true],
  ["a%20b", ["a%20b"], true],
])("finds a place for #%s where the anchors are %j: %j", (fragment, anchors, found) => {
  const ledger = new Ledger(SITE);
  entry(ledger, "/here", document(anchors), [fragment]);
  expect(findBrokenLinks(ledger)).toHaveLength(found ? 0 : 1);
});

test("says nothing of fragments where it cannot know", () => {
  const ledger = new Ledger(SITE);
  entry(ledger, "/too-long", document([], false), ["a"]);
  entry(ledger, "/drawing.svg", { kind: "file" }, ["icon"]);
  entry(ledger, "/not-asked", undefined, ["a"]);
  expect(reasons(ledger)).toEqual([]);
});

test("says what is wrong with a redirect", () => {
  const ledger = new Ledger(SITE);
  const redirect = (to: string): Finding => ({ kind: "redirect", to: resolveLink(to, SITE) });
  entry(ledger, "/mail", redirect("mailto:a@b.test"));
  entry(ledger, "/nowhere", redirect("http://[bad"));
  entry(ledger, "/not-asked", redirect("/elsewhere"));
  entry(ledger, "/away", redirect("/gone"));
  entry(ledger, "/gone", { kind: "failed", reason: "410 Gone" });
  expect(reasons(ledger)).toEqual([
    "/away | redirects to /gone: 410 Gone | 1",
    "/gone | 410 Gone | 1",
    "/nowhere | redirects to something that is not an address | 1",
  ]);
});

test("reports what the check began with, though nobody links to it", () => {
  const ledger = new Ledger(SITE);
  entry(ledger, "/", { kind: "failed", reason: "the server refused the connection" }, []);
  expect(reasons(ledger)).toEqual(["/ | the server refused the connection | "]);
});

test("gathers what is no address by its text, and sorts everything", () => {
  const ledger = new Ledger(SITE);
  ledger.invalidLinks.push(
    { text: "http://[x", page: `${SITE}/b`, line: 1 },
    { text: "http://[x", page: `${SITE}/a`, line: 10 },
    { text: "http://[x", page: `${SITE}/a`, line: 9 },
  );
  expect(findBrokenLinks(ledger)).toEqual([
    {
      target: "http://[x",
      reason: "not an address",
      linkedFrom: [
        { page: `${SITE}/a`, line: 9 },
        { page: `${SITE}/a`, line: 10 },
        { page: `${SITE}/b`, line: 1 },
      ],
    },
  ]);
});
