import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conformance } from "../src/conformance.js";

const good = {
  id: "good",
  program: { flavor: "structured", body: [{ op: "log", m: "L1" }] },
  expect: { outcome: "ok", trace: { main: [[0, "L1"]] } },
};
const bad = { ...good, id: "bad", expect: { outcome: "ok", trace: { main: [[0, "L2"]] } } };
const late = {
  ...good,
  id: "late",
  program: {
    flavor: "loop",
    body: [
      { op: "sleep", d: 2 },
      { op: "log", m: "L1" },
    ],
  },
};

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trestle-conformance-"));
  const write = (name: string, ...vectors: object[]): Promise<void> =>
    writeFile(
      path.join(folder, name),
      vectors.map((vector) => `${JSON.stringify(vector)}\n`).join(""),
    );
  await write("good.jsonl", good);
  await write("mixed.jsonl", bad, good, late);
  await write("broken.jsonl", good, {
    ...good,
    program: { flavor: "structured", body: [{ op: "jump" }] },
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function command(...commandLine: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await conformance(commandLine, { print: (line) => lines.push(line), folder });
  return { code, lines };
}

test("counts what passes", async () => {
  expect(await command("good.jsonl")).toEqual({ code: 0, lines: ["1 passed, 0 failed"] });
});

test("prints the id and the first difference of each that fails, and counts all files together", async () => {
  expect(await command("mixed.jsonl", "good.jsonl")).toEqual({
    code: 1,
    lines: [
      'bad: task "main", line 1: expected [0,"L2"], got [0,"L1"]',
      'late: task "main", line 1: expected [0,"L1"], got [2,"L1"]',
      "2 passed, 2 failed",
    ],
  });
});

test("runs one vector alone", async () => {
  expect(await command("--only", "good", "mixed.jsonl")).toEqual({
    code: 0,
    lines: ["1 passed, 0 failed"],
  });
  expect(await command("--only", "none", "mixed.jsonl")).toEqual({
    code: 2,
    lines: ['Cannot run "none": no vector has that id, in mixed.jsonl.'],
  });
});

test("names the seed with which a vector failed", async () => {
  expect(await command("--seed", "5", "--only", "bad", "mixed.jsonl")).toEqual({
    code: 1,
    lines: [
      'bad: seed 5: task "main", line 1: expected [0,"L2"], got [0,"L1"]',
      "0 passed, 1 failed",
    ],
  });
  expect(await command("--seeds", "3", "good.jsonl")).toEqual({
    code: 0,
    lines: ["1 passed, 0 failed"],
  });
});

test("says which file is not there, and runs nothing", async () => {
  const { code, lines } = await command("good.jsonl", "none.jsonl");
  expect(code).toBe(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Cannot read the file "none\.jsonl": ENOENT/u);
});

test("says where a file is wrong, and runs nothing", async () => {
  expect(await command("good.jsonl", "broken.jsonl")).toEqual({
    code: 2,
    lines: [
      'Cannot read a vector at broken.jsonl:2, program.body[0]: the structured flavor has no statement "jump".',
    ],
  });
});

test("explains itself", async () => {
  const { code, lines } = await command("--help");
  expect(code).toBe(0);
  expect(lines.join("\n")).toContain("pnpm conformance [OPTIONS] [FILE...]");
});

test("says what an unknown option is, and runs nothing", async () => {
  const { code, lines } = await command("--sed", "1");
  expect([code, lines[0]?.split("\n").at(-1)]).toEqual([2, "See --help."]);
});
