import { expect, test } from "vitest";
import { help, parseCommandLine, UsageError } from "../src/command-line.js";
import type { Row } from "../src/row.js";

function row(name: string): Row {
  return { name, title: `what ${name} does`, unit: "ns", per: "turn", count: 1, contenders: [] };
}

const rows = [row("checkpoint"), row("spawn-join")];

test("measures all rows unless told otherwise", () => {
  const request = parseCommandLine([], rows);
  expect(request).toEqual({ rows, rounds: 15, json: undefined, document: true, help: false });
});

test("measures the named rows, in their own order", () => {
  expect(parseCommandLine(["spawn-join", "checkpoint"], rows).rows).toEqual(rows);
  expect(parseCommandLine(["spawn-join"], rows).rows).toEqual([rows[1]]);
  expect(parseCommandLine(["spawn-join"], rows).document).toBe(false);
});

test("takes the number of rounds and a file", () => {
  const request = parseCommandLine(["--rounds", "3", "--json", "out.json"], rows);
  expect([request.rounds, request.json]).toEqual([3, "out.json"]);
});

test("says what is wrong", () => {
  const cases = [["spawn"], ["--rounds", "0"], ["--rounds", "many"], ["--rounds", ""], ["--fast"]];
  for (const commandLine of cases) {
    expect(() => parseCommandLine(commandLine, rows)).toThrow(UsageError);
  }
  expect(() => parseCommandLine(["spawn"], rows)).toThrow('There is no row "spawn".');
});

test("lists the rows in its help", () => {
  expect(help(rows)).toContain(
    "  checkpoint  what checkpoint does\n  spawn-join  what spawn-join does\n",
  );
});
