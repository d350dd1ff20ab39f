import { run, sleep } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { askWithin, type AskSettings, type ReadPage } from "../src/ask.js";
import { Ledger, type Finding } from "../src/ledger.js";
import {
  fails,
  failsAtFirst,
  fakeSite,
  file,
  hangs,
  page,
  SITE,
  type Script,
} from "./fake-site.js";

const SETTINGS: AskSettings = { concurrency: 1, pageTimeout: 1000, retries: 2, retryPause: 100 };

interface Asked {
  readonly finding: Finding;
  /** What was done, and what was said about retries. */
  readonly log: readonly string[];
}

async function asked(
  address: string,
  script: Script,
  changes: Partial<AskSettings> = {},
): Promise<Asked> {
  const host = new VirtualHost();
  const log: string[] = [];
  const entry = new Ledger(SITE).add(address, 0);
  const label = address.replace(SITE, "");
  const read = fakeSite({ [label]: script }, (message) => log.push(`${host.now()} ${message}`));
  const ask = askWithin({ ...SETTINGS, ...changes }, read, ({ address: again }, reason) =>
    log.push(`again ${again.replace(SITE, "")}: ${reason}`),
  );
  return { finding: await run(() => ask(entry), { host }), log };
}

test("reads what belongs to the site, and only asks for the rest", async () => {
  expect(await asked(`${SITE}/a`, page())).toMatchObject({
    finding: { kind: "document" },
    log: ["0 ask /a", "0 got /a"],
  });
  expect(await asked("http://other.test/", file())).toMatchObject({
    finding: { kind: "file" },
    log: ["0 probe http://other.test/", "0 got http://other.test/"],
  });
});

test("makes a finding of a failure that stays", async () => {
  expect(await asked(`${SITE}/a`, fails("404 Not Found"))).toEqual({
    finding: { kind: "failed", reason: "404 Not Found" },
    log: ["0 ask /a", "0 PageError /a"],
  });
});

test("makes a finding of a page that is too slow, and says how often it was tried", async () => {
  expect(await asked(`${SITE}/a`, hangs(), { retries: 1 })).toEqual({
    finding: { kind: "failed", reason: "no answer within 1000 ms (2 tries)" },
    log: [
      "0 ask /a",
      "1000 Cancelled /a",
      "again /a: no answer within 1000 ms",
      "1100 ask /a",
      "2100 Cancelled /a",
    ],
  });
  const { finding } = await asked(`${SITE}/a`, hangs(), { retries: 0 });
  expect(finding).toEqual({ kind: "failed", reason: "no answer within 1000 ms" });
});

test("tries again what fails in passing, in its own time", async () => {
  const script = failsAtFirst(2, page([], { ms: 999 }));
  const { finding, log } = await asked(`${SITE}/a`, script);
  expect(finding.kind).toBe("document");
  expect(log.at(-2)).toBe("300 ask /a");
  expect(log.at(-1)).toBe("1299 got /a");
});

test("throws what is no failure of a page", async () => {
  const mistaken: Script = function* () {
    throw new TypeError("a mistake in the program");
  };
  await expect(asked(`${SITE}/a`, mistaken)).rejects.toThrow(TypeError);
});

test("what is done with a page that has arrived does not count against its time", async () => {
  const read: ReadPage = function* (_address, _purpose, arrived) {
    yield* sleep(900);
    arrived();
    yield* sleep(60_000);
    return { kind: "file" };
  };
  const ask = askWithin(SETTINGS, read, () => {});
  const entry = new Ledger(SITE).add(`${SITE}/`, 0);
  expect(await run(() => ask(entry), { host: new VirtualHost() })).toEqual({ kind: "file" });
});
