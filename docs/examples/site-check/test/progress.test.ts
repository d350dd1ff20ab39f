import { moveOnAfter, openNursery, run, sleep } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Ledger, type Entry, type Finding } from "../src/ledger.js";
import { NoProgress, ProgressBar, ProgressLines } from "../src/progress.js";

const SITE = "http://site.test";

class FakeScreen {
  columns: number | undefined = 80;
  written = "";

  write(text: string): void {
    this.written += text;
  }

  /** What a terminal showed: each state of its one line. */
  get drawn(): string[] {
    return this.written.split("\r\u001B[K").slice(1);
  }
}

function settled(ledger: Ledger, path: string, finding: Finding): Entry {
  const entry = ledger.add(`${SITE}${path}`, 0);
  entry.finding = finding;
  return entry;
}

test("a bar is drawn over and over, and leaves an empty line when it is cancelled", async () => {
  const ledger = new Ledger(SITE);
  const screen = new FakeScreen();
  const bar = new ProgressBar(ledger, screen);
  ledger.asked = 4;
  await run(
    () =>
      openNursery(function* (nursery) {
        nursery.startSoon(() => bar.show());
        yield* sleep(100);
        bar.settled(settled(ledger, "/a", { kind: "file" }));
        bar.settled(settled(ledger, "/b", { kind: "failed", reason: "404" }));
        yield* sleep(100);
        bar.retrying(settled(ledger, "/c", { kind: "file" }));
        yield* sleep(100);
        nursery.cancelScope.cancel();
      }),
    { host: new VirtualHost() },
  );
  const empty = "........................";
  expect(screen.drawn).toEqual([
    `[${empty}] 0/4  0.0 s  `,
    `[${empty}] 0/4  0.1 s  `,
    "[############............] 2/4  1 failed  0.2 s  /b",
    "[############............] 2/4  1 failed  0.2 s  again: /c",
    "",
  ]);
});

test("a bar is never as wide as its terminal, which may change", async () => {
  const ledger = new Ledger(SITE);
  const screen = new FakeScreen();
  const bar = new ProgressBar(ledger, screen);
  bar.settled(settled(ledger, `/${"x".repeat(200)}`, { kind: "file" }));
  await run(
    () =>
      moveOnAfter(200, () =>
        openNursery(function* (nursery) {
          nursery.startSoon(() => bar.show());
          for (const columns of [30, 1, undefined]) {
            screen.columns = columns;
            yield* sleep(80);
          }
        }),
      ),
    { host: new VirtualHost() },
  );
  expect(screen.drawn.map((line) => line.length)).toEqual([29, 0, 79, 0]);
});

test("lines say what became of each address", async () => {
  const ledger = new Ledger(SITE);
  const screen = new FakeScreen();
  const lines = new ProgressLines(ledger, screen);
  await run(() => lines.show());
  lines.settled(
    settled(ledger, "/", { kind: "document", whole: true, links: [], anchors: new Set() }),
  );
  lines.retrying(settled(ledger, "/busy", { kind: "file" }), "503 Service Unavailable");
  lines.settled(settled(ledger, "/old", { kind: "redirect", to: { kind: "ignored" } }));
  lines.settled(settled(ledger, "/gone", { kind: "failed", reason: "404 Not Found" }));
  expect(screen.written).toBe(`\
ok      /
again   /busy: 503 Service Unavailable
moved   /old
failed  /gone: 404 Not Found
`);
});

test("no progress is an end at once", async () => {
  await run(() => new NoProgress().show());
});
