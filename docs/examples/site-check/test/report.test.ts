import { expect, test } from "vitest";
import type { BrokenLink } from "../src/broken-links.js";
import { Ledger } from "../src/ledger.js";
import { asJson, asText, resultOf, type Result } from "../src/report.js";

const SITE = "http://site.test";

function result(changes: Partial<Result> = {}): Result {
  return {
    site: SITE,
    ending: "complete",
    broken: [],
    pages: 12,
    others: 1,
    links: 100,
    unchecked: 0,
    external: 0,
    milliseconds: 1234,
    ...changes,
  };
}

function broken(target: string, reason: string, ...places: [string, number][]): BrokenLink {
  return { target, reason, linkedFrom: places.map(([page, line]) => ({ page, line })) };
}

test("sums up in one line", () => {
  expect(asText(result())).toBe(
    "Checked 12 pages and 1 other address with 100 links in 1.2 s: nothing is broken.\n",
  );
  const notes = result({
    ending: "deadline",
    unchecked: 7,
    external: 1,
    pages: 1,
    others: 0,
    links: 1,
  });
  expect(asText(notes)).toBe(
    "Checked 1 page and 0 other addresses with 1 link in 1.2 s: nothing is broken " +
      "(the deadline passed, 7 addresses not checked, 1 external address left out).\n",
  );
  expect(asText(result({ ending: "interrupted" }))).toContain("nothing is broken (interrupted).");
});

test("shows what is broken in a table, with each place that links to it", () => {
  const links = [
    broken(`${SITE}/gone.html`, "404 Not Found", [`${SITE}/`, 3], [`${SITE}/guide/`, 12]),
    broken("http://other.test/", "500 Internal Server Error", [`${SITE}/`, 4]),
    broken(`${SITE}/`, "no answer within 1000 ms"),
  ];
  expect(asText(result({ broken: links }))).toBe(`\
Broken              Why                        Linked from
------------------  -------------------------  ----------------------
/gone.html          404 Not Found              /:3
                                               /guide/:12
http://other.test/  500 Internal Server Error  /:4
/                   no answer within 1000 ms   (the check began here)

Checked 12 pages and 1 other address with 100 links in 1.2 s: 3 broken.
`);
});

test("moves on to the next line where something is wide, and cuts nothing", () => {
  const wide = `/${"x".repeat(60)}`;
  const reason = `redirects in a circle: ${"/y → ".repeat(12)}/y`;
  const links = [
    broken(`${SITE}${wide}`, "404 Not Found", [`${SITE}/`, 3]),
    broken(`${SITE}/y`, reason, [`${SITE}/`, 4]),
  ];
  const pad = (width: number): string => " ".repeat(width);
  expect(
    asText(result({ broken: links }))
      .split("\n")
      .slice(2, 6),
  ).toEqual([
    wide,
    `${pad(42)}404 Not Found${pad(29)}/:3`,
    `/y${pad(40)}${reason}`,
    `${pad(84)}/:4`,
  ]);
});

test("is JSON for programs", () => {
  const links = [broken(`${SITE}/gone`, "404 Not Found", [`${SITE}/`, 3])];
  expect(JSON.parse(asJson(result({ broken: links })))).toEqual(result({ broken: links }));
});

test("counts what the ledger holds", () => {
  const ledger = new Ledger(SITE);
  const add = (
    address: string,
    finding: Parameters<typeof Object.assign>[1],
    mentions: number,
  ): void => {
    const entry = ledger.add(address, 0);
    Object.assign(entry, { finding });
    for (let line = 1; line <= mentions; line++)
      entry.mentions.push({ page: SITE, line, fragment: "" });
  };
  add(`${SITE}/`, { kind: "document", whole: true, links: [], anchors: new Set() }, 1);
  add(`${SITE}/style.css`, { kind: "file" }, 2);
  add(`${SITE}/gone`, { kind: "failed", reason: "404 Not Found" }, 3);
  add(`${SITE}/late`, undefined, 4);
  add("http://other.test/", undefined, 5);
  ledger.invalidLinks.push({ text: "http://[", page: SITE, line: 1 });
  const counts = { pages: 1, others: 2, links: 16, milliseconds: 2, site: SITE };
  expect(resultOf(ledger, "deadline", { external: false, milliseconds: 1.6 })).toMatchObject({
    ...counts,
    ending: "deadline",
    unchecked: 1,
    external: 1,
  });
  expect(resultOf(ledger, "complete", { external: true, milliseconds: 1.6 })).toMatchObject({
    ...counts,
    unchecked: 2,
    external: 0,
  });
});
