import { expect, test } from "vitest";
import { labelOf, Ledger } from "../src/ledger.js";

test("keeps an entry for each address, in the order of discovery", () => {
  const ledger = new Ledger("http://site.test");
  const first = ledger.add("http://site.test/b", 0);
  ledger.add("http://other.test/", 1);
  ledger.add("http://site.test/a", 0);
  expect(ledger.find("http://site.test/b")).toBe(first);
  expect(ledger.find("http://site.test/c")).toBeUndefined();
  expect(
    [...ledger.entries].map(({ address, inSite, redirects }) => [address, inSite, redirects]),
  ).toEqual([
    ["http://site.test/b", true, 0],
    ["http://other.test/", false, 1],
    ["http://site.test/a", true, 0],
  ]);
});

test("counts another origin to the site once it is adopted", () => {
  const ledger = new Ledger("http://site.test");
  ledger.adopt("https://www.site.test/start");
  expect(ledger.origin).toBe("https://www.site.test");
  expect(ledger.add("https://www.site.test/a", 0).inSite).toBe(true);
  expect(ledger.add("http://site.test/a", 0).inSite).toBe(true);
  expect(ledger.add("https://site.test/a", 0).inSite).toBe(false);
});

test("labels addresses of the site by their path", () => {
  const ledger = new Ledger("http://site.test");
  expect(ledger.label("http://site.test/a?b")).toBe("/a?b");
  expect(ledger.label("http://site.test.example/a")).toBe("http://site.test.example/a");
  expect(labelOf("http://[half", "http://site.test")).toBe("http://[half");
});
