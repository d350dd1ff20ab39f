import { expect, test } from "vitest";
import { Phase, Word, WORDS } from "../src/protocol.js";

test("each word has a place of its own, and each phase a number", () => {
  const places = Object.values(Word);
  expect(new Set(places).size).toBe(places.length);
  expect(Math.max(...places)).toBe(WORDS - 1);
  expect(new Set(Object.values(Phase)).size).toBe(Object.values(Phase).length);
});
