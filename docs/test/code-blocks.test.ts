import { expect, test } from "vitest";
import { findCodeBlocks } from "./code-blocks.js";
import { runExample } from "./run-example.js";
import { typeCheck } from "./type-check.js";

const blocks = findCodeBlocks();

test("every example type-checks", { timeout: 240_000 }, () => {
  expect(typeCheck(blocks)).toEqual([]);
});

for (const block of blocks.filter(({ runs }) => runs)) {
  test(`the example at ${block.file}:${block.line} runs`, { timeout: 30_000 }, async () => {
    const printed = await runExample(block);
    if (block.prints !== undefined) expect(printed).toBe(block.prints);
  });
}

test("what an example prints is told of examples that are run", () => {
  expect(blocks.filter(({ runs, prints }) => prints !== undefined && !runs)).toEqual([]);
});
