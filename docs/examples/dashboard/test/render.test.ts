import { expect, test } from "vitest";
import { Monitor } from "../src/monitor.js";
import { render, sparkline } from "../src/render.js";

function monitor(url: string, ...times: readonly number[]): Monitor {
  const made = new Monitor(url);
  for (const ms of times) made.add({ ms, answer: ms === 0 ? "timeout" : "200", isGood: ms > 0 });
  return made;
}

test("shows a line for each address, and what failed in red", () => {
  const monitors = [monitor("http://a.test/", 10, 20), monitor("http://b.test/", 5, 0)];
  expect(render({ monitors, isPaused: false, columns: 80, rows: 24 })).toEqual([
    "address         answer           last   median      95%",
    "http://a.test/  200             20 ms    10 ms    20 ms  ▅█",
    "\u001B[31mhttp://b.test/  timeout          0 ms     5 ms     5 ms  █\u001B[39m",
    "",
    "p pauses, q quits",
  ]);
});

test("shows what it can where nothing is known yet, and that it pauses", () => {
  expect(
    render({ monitors: [new Monitor("http://a.test/")], isPaused: true, columns: 80, rows: 9 }),
  ).toEqual([
    "address         answer           last   median      95%",
    "http://a.test/",
    "",
    "paused: p goes on, q quits",
  ]);
});

test.each([
  [80, 5],
  [20, 4],
  [1, 1],
])("fits into %i columns and %i rows", (columns, rows) => {
  const monitors = Array.from({ length: 9 }, () =>
    monitor(`http://${"long".repeat(9)}.test/`, 1, 2, 3),
  );
  const lines = render({ monitors, isPaused: false, columns, rows });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 3));
});

test("a chart shows the last times, relative to the longest of them", () => {
  expect(sparkline(monitor("", 800, 100, 0, 400, 800), 4)).toBe("▂ ▅█");
  expect(sparkline(monitor("", 1), 0)).toBe("");
});
