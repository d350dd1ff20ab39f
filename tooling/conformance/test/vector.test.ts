import { describe, expect, test } from "vitest";
import { parseVectors } from "../src/vector.js";

const good = {
  id: "v-1",
  program: { flavor: "structured", body: [{ op: "log", m: "L1" }] },
  expect: { outcome: "ok", trace: { main: [[0, "L1"]] } },
};

function lineOf(change: object): string {
  return JSON.stringify({ ...good, ...change });
}

function programOf(...body: unknown[]): string {
  return lineOf({ program: { flavor: "structured", body } });
}

test("reads a vector a line, and skips empty lines", () => {
  const text = `${lineOf({})}\n\n${lineOf({ id: "v-2" })}\r\n\n`;
  expect(parseVectors(text, "file.jsonl")).toEqual([good, { ...good, id: "v-2" }]);
});

test("names file and line of what is not JSON", () => {
  expect(() => parseVectors(`${lineOf({})}\n{"id":`, "file.jsonl")).toThrow(
    /^Cannot read a vector at file\.jsonl:2: the line is not JSON \(.*\)\.$/u,
  );
});

describe("a vector with a mistake", () => {
  test.each([
    ["no object", "[1]", "the line: an object must stand here"],
    ["no id", lineOf({ id: 5 }), "id: it must be a text"],
    ["no program", lineOf({ program: null }), "program: an object must stand here"],
    [
      "an unknown flavor",
      lineOf({ program: { flavor: "sour", body: [] } }),
      'program.flavor: it must be one of structured, loop, bridge, not "sour"',
    ],
    [
      "no body",
      lineOf({ program: { flavor: "loop" } }),
      "program.body: a list of statements must stand here",
    ],
    [
      "events that are no list",
      lineOf({ program: { ...good.program, events: "e1" } }),
      "program.events: it must be a list of ids",
    ],
    [
      "a channel without a capacity",
      lineOf({ program: { ...good.program, channels: { c1: null } } }),
      "program.channels: it must give a number for each id",
    ],
    ["no outcome", lineOf({ expect: { trace: {} } }), "expect.outcome: it must be a text"],
    [
      "a trace that is none",
      lineOf({ expect: { outcome: "ok", trace: { main: [["L1", 0]] } } }),
      'expect.trace["main"]: it must be a list of [second, text]',
    ],
  ])("is refused, by its place: %s", (_what, line, problem) => {
    expect(() => parseVectors(line, "file.jsonl")).toThrow(
      `Cannot read a vector at file.jsonl:1, ${problem}.`,
    );
  });
});

describe("a statement with a mistake", () => {
  test.each([
    ["unknown", [{ op: "jump" }], '[0]: the structured flavor has no statement "jump"'],
    [
      "of the other flavor",
      [{ op: "task", id: "t1", body: [] }],
      '[0]: the structured flavor has no statement "task"',
    ],
    [
      "named like a property of objects",
      [{ op: "toString" }],
      '[0]: the structured flavor has no statement "toString"',
    ],
    ["without an op", [{ m: "L1" }], '[0]: a statement must stand here, with its "op"'],
    ["that is null", [null], '[0]: a statement must stand here, with its "op"'],
    ["without a field", [{ op: "log" }], "[0].m: a text must stand here"],
    ["with a wrong number", [{ op: "sleep", d: "1" }], "[0].d: a number must stand here"],
    [
      "with a wrong flag",
      [{ op: "shield", id: "s1", value: 1 }],
      "[0].value: true or false must stand here",
    ],
    [
      "with a wrong deadline",
      [{ op: "scope", id: "s1", shield: false, body: [] }],
      "[0].deadline: a number or null must stand here",
    ],
    [
      "deep inside",
      [
        {
          op: "nursery",
          id: "n1",
          children: [[], [{ op: "catch", body: [{ op: "jump" }], handler: [] }]],
          body: [],
        },
      ],
      '[0].children[1][0].body[0]: the structured flavor has no statement "jump"',
    ],
    [
      "with children that are no list",
      [{ op: "nursery", id: "n1", children: {}, body: [] }],
      "[0].children: a list of bodies must stand here",
    ],
  ])("is refused, by its place: %s", (_what, body, problem) => {
    expect(() => parseVectors(programOf(...body), "file.jsonl")).toThrow(
      `Cannot read a vector at file.jsonl:1, program.body${problem}.`,
    );
  });
});

test("changes the flavor with each call from one side to the other", () => {
  const inLoop = [{ op: "gather", bodies: [[]], return_errors: false }];
  const crossing = [
    { op: "aio", body: [...inLoop, { op: "trio", body: [{ op: "cancelled" }], cancel_after: 3 }] },
  ];
  expect(
    parseVectors(lineOf({ program: { flavor: "bridge", body: crossing } }), "file.jsonl"),
  ).toHaveLength(1);
  const wrong = [{ op: "aio", body: [{ op: "trio", body: inLoop }] }];
  expect(() =>
    parseVectors(lineOf({ program: { flavor: "bridge", body: wrong } }), "file.jsonl"),
  ).toThrow('program.body[0].body[0].body[0]: the structured flavor has no statement "gather"');
});

test("lets fields be left out that may be, and no others", () => {
  const start = { op: "start", nursery: "n1", value: "v1", before: [], after: [] };
  expect(parseVectors(programOf(start, { ...start, never: true }), "file.jsonl")).toHaveLength(1);
  expect(() => parseVectors(programOf({ ...start, never: 1 }), "file.jsonl")).toThrow(
    "never: true or false",
  );
});
