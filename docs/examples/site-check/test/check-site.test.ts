import { run, sleep, sleepUntil, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { parseArguments, type Settings } from "../src/arguments.js";
import { checkSite, type Surroundings } from "../src/check-site.js";
import type { ReadPage } from "../src/ask.js";
import type { Result } from "../src/report.js";
import { fakeSite, hangs, page, SITE } from "./fake-site.js";

class FakeScreen {
  readonly isTTY: boolean;
  written = "";

  constructor(options: { isTTY: boolean }) {
    this.isTTY = options.isTTY;
  }

  write(text: string): void {
    this.written += text;
  }
}

const noInterrupt: Surroundings["interrupts"] = {
  signal: undefined,
  wait: () => sleepUntil(Infinity),
};

function settings(...words: string[]): Settings {
  return parseArguments([SITE, ...words]) as Settings;
}

const pages = fakeSite({
  "/": page(["/slow", "/a", "/gone", "http://other.test/"], { ms: 10 }),
  "/a": page(["/#nowhere"], { ms: 10 }),
  "/slow": page([], { ms: 3000 }),
});

interface Checked {
  readonly result: Result;
  readonly written: string;
}

async function checked(
  words: readonly string[],
  surroundings: Partial<Surroundings> = {},
  options = { isTTY: false },
): Promise<Checked> {
  const screen = new FakeScreen(options);
  const world = { interrupts: noInterrupt, read: pages, screen, ...surroundings };
  const result = await run(() => checkSite(settings(...words), world), { host: new VirtualHost() });
  return { result, written: screen.written };
}

const FULL = {
  site: SITE,
  ending: "complete",
  pages: 3,
  others: 1,
  links: 5,
  unchecked: 0,
  external: 1,
  milliseconds: 3010,
};

test("gives the whole result, and says on the way what becomes of each page", async () => {
  const { result, written } = await checked([]);
  expect(result).toMatchObject(FULL);
  expect(result.broken).toEqual([
    {
      target: `${SITE}/#nowhere`,
      reason: 'no element has the id "nowhere"',
      linkedFrom: [{ page: `${SITE}/a`, line: 1 }],
    },
    {
      target: `${SITE}/gone`,
      reason: "404 Not Found",
      linkedFrom: [{ page: `${SITE}/`, line: 3 }],
    },
  ]);
  expect(written).toBe("ok      /\nfailed  /gone: 404 Not Found\nok      /a\nok      /slow\n");
});

test("draws a bar on a terminal, which leaves nothing behind", async () => {
  const { result, written } = await checked([], {}, { isTTY: true });
  expect(result).toMatchObject(FULL);
  expect(written).toContain("3/4  1 failed");
  expect(written.endsWith("\r\u001B[K")).toBe(true);
  expect(written).not.toContain("\n");
});

test("says nothing on the way where that is not wanted", async () => {
  expect((await checked(["--no-progress"], {}, { isTTY: true })).written).toBe("");
});

test("ends at the deadline with what it has", async () => {
  const { result } = await checked(["--deadline", "1000"]);
  expect(result).toMatchObject({ ending: "deadline", pages: 2, unchecked: 1, milliseconds: 1000 });
  expect(result.broken).toHaveLength(2);
});

test("ends at an interruption, whenever it comes, with what it has", async () => {
  const pagesAt = async (ms: number): Promise<number> => {
    const interrupts = { signal: "SIGINT", wait: () => sleep(ms) } as const;
    const { result } = await checked([], { interrupts });
    expect(result).toMatchObject({ ending: "interrupted", milliseconds: ms });
    return result.pages;
  };
  expect([await pagesAt(0), await pagesAt(5), await pagesAt(15), await pagesAt(2999)]).toEqual([
    0, 0, 1, 2,
  ]);
});

test("waits for the cleanup of what it ends", async () => {
  const log: string[] = [];
  const read: ReadPage = function* (address, purpose): Operation<never> {
    try {
      return (yield* hangs()(address, 1)) as never;
    } finally {
      log.push(`ended ${purpose}`);
    }
  };
  const { result } = await checked(["--deadline", "5"], { read });
  expect(result).toMatchObject({ ending: "deadline", unchecked: 1, broken: [] });
  expect(log).toEqual(["ended read"]);
});
