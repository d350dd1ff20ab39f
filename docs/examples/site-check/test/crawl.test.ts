import { moveOnAfter, run } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { findBrokenLinks } from "../src/broken-links.js";
import { crawl, type CrawlSettings } from "../src/crawl.js";
import { Ledger, type Entry } from "../src/ledger.js";
import {
  failsAtFirst,
  fails,
  fakeSite,
  file,
  hangs,
  page,
  redirect,
  SITE,
  type Script,
} from "./fake-site.js";

const SETTINGS: CrawlSettings = {
  concurrency: 10,
  pageTimeout: 1000,
  retries: 0,
  retryPause: 100,
  maxPages: 1000,
  external: false,
};

interface Crawled {
  readonly ledger: Ledger;
  readonly events: (readonly [number, string])[];
  /** When it ended, in virtual milliseconds. */
  readonly at: number;
  readonly seen: readonly string[];
}

async function crawled(
  scripts: Readonly<Record<string, Script>>,
  changes: Partial<CrawlSettings> = {},
  { deadline = Infinity, seed }: { deadline?: number; seed?: number } = {},
): Promise<Crawled> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const ledger = new Ledger(SITE);
  const seen: string[] = [];
  const observer = {
    settled: ({ address, finding }: Entry) =>
      seen.push(
        `${ledger.label(address)} ${finding?.kind === "failed" ? finding.reason : finding?.kind}`,
      ),
    retrying: ({ address }: Entry, reason: string) =>
      seen.push(`${ledger.label(address)} again: ${reason}`),
  };
  const read = fakeSite(scripts, (message) => trace.log(message));
  await run(
    () =>
      moveOnAfter(deadline, () =>
        crawl(ledger, [`${SITE}/`], read, { ...SETTINGS, ...changes }, observer),
      ),
    seed === undefined ? { host } : { host, seed },
  );
  return { ledger, events: [...trace.entries], at: host.now(), seen };
}

function brokenIn(ledger: Ledger): string[] {
  return findBrokenLinks(ledger).map(({ target, reason, linkedFrom }) => {
    const places = linkedFrom.map(({ page: from, line }) => `${ledger.label(from)}:${line}`);
    return `${ledger.label(target)} | ${reason} | ${places.join(" ")}`;
  });
}

describe("the crawl", () => {
  test("reads every page once, side by side, and ends with the last", async () => {
    const { events, at } = await crawled({
      "/": page(["/a", "/b", "/"], { ms: 10 }),
      "/a": page(["/b", "/c", "/"], { ms: 20 }),
      "/b": page(["/a#x"], { ms: 50 }),
      "/c": page([], { ms: 10 }),
    });
    expect(events).toEqual([
      [0, "ask /"],
      [10, "got /"],
      [10, "ask /a"],
      [10, "ask /b"],
      [30, "got /a"],
      [30, "ask /c"],
      [40, "got /c"],
      [60, "got /b"],
    ]);
    expect(at).toBe(60);
  });

  test("holds to the number of requests at once, first come first served", async () => {
    const slow = page([], { ms: 100 });
    const { events } = await crawled(
      { "/": page(["/1", "/2", "/3"]), "/1": slow, "/2": slow, "/3": slow },
      { concurrency: 2 },
    );
    expect(events).toEqual([
      [0, "ask /"],
      [0, "got /"],
      [0, "ask /1"],
      [0, "ask /2"],
      [100, "got /1"],
      [100, "got /2"],
      [100, "ask /3"],
      [200, "got /3"],
    ]);
  });

  test("gives each try its own time, which waiting in line does not use up", async () => {
    const slow = page([], { ms: 900 });
    const { ledger } = await crawled(
      { "/": page(["/1", "/2", "/3"]), "/1": slow, "/2": slow, "/3": slow },
      { concurrency: 1 },
    );
    expect(brokenIn(ledger)).toEqual([]);
  });

  test("tries again what fails in passing, and holds no place meanwhile", async () => {
    const { events, seen } = await crawled(
      {
        "/": page(["/flaky", "/other"]),
        "/flaky": failsAtFirst(2, page([], { ms: 10 })),
        "/other": page([], { ms: 50 }),
      },
      { concurrency: 1, retries: 2 },
    );
    expect(events).toEqual([
      [0, "ask /"],
      [0, "got /"],
      [0, "ask /flaky"],
      [0, "PageError /flaky"],
      [0, "ask /other"],
      [50, "got /other"],
      [100, "ask /flaky"],
      [100, "PageError /flaky"],
      [300, "ask /flaky"],
      [310, "got /flaky"],
    ]);
    expect(seen).toEqual([
      "/ document",
      "/flaky again: 503 Service Unavailable",
      "/other document",
      "/flaky again: 503 Service Unavailable",
      "/flaky document",
    ]);
  });

  test("leaves other sites alone, unless they are wanted; then it asks whether they are there", async () => {
    const scripts = {
      "/": page(["http://other.test/a", "http://other.test/b"]),
      "http://other.test/a": file(),
    };
    const within = await crawled(scripts);
    expect(within.events.map(([, message]) => message)).toEqual(["ask /", "got /"]);
    const beyond = await crawled(scripts, { external: true });
    expect(beyond.events.map(([, message]) => message)).toEqual([
      "ask /",
      "got /",
      "probe http://other.test/a",
      "got http://other.test/a",
      "probe http://other.test/b",
      "PageError http://other.test/b",
    ]);
    expect(brokenIn(beyond.ledger)).toEqual(["http://other.test/b | 404 Not Found | /:2"]);
  });

  test("ends at a deadline wherever it is, and keeps what is known", async () => {
    const { ledger, events, at } = await crawled(
      {
        "/": page(["/gone", "/slow", "/flaky", "/waiting"]),
        "/slow": hangs(),
        "/flaky": failsAtFirst(9, page()),
      },
      { concurrency: 1, retries: 3, retryPause: 400 },
      { deadline: 700 },
    );
    expect(events).toEqual([
      [0, "ask /"],
      [0, "got /"],
      [0, "ask /gone"],
      [0, "PageError /gone"],
      [0, "ask /slow"],
      [700, "Cancelled /slow"],
    ]);
    expect(at).toBe(700);
    expect(brokenIn(ledger)).toEqual(["/gone | 404 Not Found | /:1"]);
    expect([...ledger.entries].filter(({ finding }) => finding === undefined)).toHaveLength(3);
  });

  test("asks for no more addresses than it may", async () => {
    const { events } = await crawled({ "/": page(["/1", "/2", "/3"]) }, { maxPages: 2 });
    expect(events.map(([, message]) => message)).toEqual([
      "ask /",
      "got /",
      "ask /1",
      "PageError /1",
    ]);
  });

  test("finds the same in whatever order the tasks come", async () => {
    const scripts = {
      "/": page(["/a#x", "/b", "/1", "/flaky"], { anchors: ["top"] }),
      "/a": page(["/b#y", "/2", "/gone"], { anchors: ["x"] }),
      "/b": page(["/a#z", "/1", "http://[x"], { anchors: ["y"] }),
      "/1": redirect("/2"),
      "/2": redirect("/1"),
      "/flaky": failsAtFirst(2, page(["/gone"])),
    };
    const inOrder = await crawled(scripts, { retries: 2, concurrency: 2 });
    const expected = brokenIn(inOrder.ledger);
    expect(expected).toHaveLength(5);
    for (let seed = 1; seed <= 20; seed++) {
      const { ledger } = await crawled(scripts, { retries: 2, concurrency: 2 }, { seed });
      expect(brokenIn(ledger)).toEqual(expected);
    }
  });

  test("throws what is no failure of a page, after all other pages have ended", async () => {
    const broken: Script = function* () {
      throw new TypeError("a mistake in the program");
    };
    const failing = crawled({
      "/": page(["/hangs", "/broken"]),
      "/hangs": hangs(),
      "/broken": broken,
    });
    await expect(failing).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: "a mistake in the program" })],
    });
  });
});

describe("redirects", () => {
  test("are followed one by one, each address being asked once", async () => {
    const { events, ledger } = await crawled({
      "/": page(["/old", "/new"]),
      "/old": redirect("/new"),
      "/new": page(),
    });
    expect(events.map(([, message]) => message)).toEqual([
      "ask /",
      "got /",
      "ask /old",
      "got /old",
      "ask /new",
      "got /new",
    ]);
    expect(brokenIn(ledger)).toEqual([]);
  });

  test("in a circle are broken, wherever one gets in", async () => {
    const { ledger } = await crawled({
      "/": page(["/1", "/2", "/self"]),
      "/1": redirect("/2"),
      "/2": redirect("/3"),
      "/3": redirect("/1"),
      "/self": redirect("/self"),
    });
    expect(brokenIn(ledger)).toEqual([
      "/1 | redirects in a circle of 3 addresses | /:1",
      "/2 | redirects in a circle of 3 addresses | /:2",
      "/self | redirects to itself | /:3",
    ]);
  });

  const chain = (length: number): Record<string, Script> =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [`/${index + 1}`, redirect(`/${index + 2}`)]),
    );

  test("are followed ten times and no more", async () => {
    const ten = await crawled({ "/": page(["/1"]), ...chain(10), "/11": page() });
    expect(brokenIn(ten.ledger)).toEqual([]);
    const eleven = await crawled({ "/": page(["/1"]), ...chain(11), "/12": page() });
    expect(brokenIn(eleven.ledger)).toEqual(["/1 | redirects more than 10 times | /:1"]);
    expect(eleven.events.map(([, message]) => message)).not.toContain("ask /12");
  });

  test("are counted from the nearest link", async () => {
    const { ledger } = await crawled({
      "/": page(["/1", "/late"]),
      ...chain(20),
      "/21": fails("410 Gone"),
      // Found after the chain was given up at its eleventh page.
      "/late": page(["/11"], { ms: 100 }),
    });
    expect(brokenIn(ledger)).toEqual([
      "/1 | redirects more than 10 times | /:1",
      "/11 | redirects to /21: 410 Gone | /late:1",
    ]);
  });

  test("keep the fragment of the link, or give it another one", async () => {
    const { ledger } = await crawled({
      "/": page(["/keeps#a", "/keeps#b", "/changes#b"]),
      "/keeps": redirect("/target"),
      "/changes": redirect("/target#a"),
      "/target": page([], { anchors: ["a"] }),
    });
    expect(brokenIn(ledger)).toEqual([
      '/keeps#b | redirects to /target: no element has the id "b" | /:2',
    ]);
  });

  test("of the first page take the check to where the site lives now", async () => {
    const { events, ledger } = await crawled({
      "/": redirect("https://www.site.test/"),
      "https://www.site.test/": page(["/a", "http://site.test/b", "http://other.test/"]),
      "https://www.site.test/a": page(),
      "/b": page(),
    });
    expect(
      events.map(([, message]) => message).filter((message) => message.startsWith("ask")),
    ).toEqual(["ask /", "ask https://www.site.test/", "ask https://www.site.test/a", "ask /b"]);
    expect(ledger.label("https://www.site.test/a")).toBe("/a");
  });
});
