import { expect, test } from "vitest";
import type { Entry } from "../src/board.js";
import { summaryOf } from "../src/summary.js";

function entry(name: string, differences: Partial<Entry>): Entry {
  return { name, state: "ok", tries: 1, note: "", ms: 0, ...differences };
}

test("shows each job in its line, and counts", () => {
  const entries = [
    entry("a", { note: "a note that is longer than its header", ms: 12_345 }),
    entry("a longer name", { state: "failed", tries: 10, note: "ended with the code 1", ms: 149 }),
    entry("b", { state: "skipped", tries: 0, note: "needs a longer name" }),
    entry("c", { state: "ok" }),
  ];
  expect(summaryOf(entries)).toBe(`\
Job            Result   Tries    Time  Note
-------------  -------  -----  ------  ----
a              ok           1  12.3 s  a note that is longer than its header
a longer name  failed      10   0.1 s  ended with the code 1
b              skipped                 needs a longer name
c              ok           1   0.0 s

2 ok, 1 failed, 1 skipped.
`);
});
