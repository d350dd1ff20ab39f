// The vectors that come with the project. `pnpm conformance` runs the same on the built packages.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checkVector, type Mismatch, type Seed } from "../src/check-vectors.js";
import { parseVectors, type Vector } from "../src/vector.js";

async function vectorsOf(name: string): Promise<readonly Vector[]> {
  return parseVectors(await readFile(new URL(`../vectors/${name}`, import.meta.url), "utf8"), name);
}

async function mismatchesOf(vectors: readonly Vector[], seed: Seed): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const vector of vectors) {
    const mismatch = await checkVector(vector, [seed]);
    if (mismatch) mismatches.push(mismatch);
  }
  return mismatches;
}

const structured = await vectorsOf("structured.jsonl");

describe("the structured vectors", () => {
  test("are all there", () => {
    expect(structured).toHaveLength(387);
    expect(new Set(structured.map(({ program }) => program.flavor))).toEqual(
      new Set(["structured"]),
    );
  });

  test("leave the traces that they must", async () => {
    expect(await mismatchesOf(structured, undefined)).toEqual([]);
  });

  const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
  test.each(seeds)(
    "leave the same traces with each batch in random order, seed %i",
    async (seed) => {
      expect(await mismatchesOf(structured, seed)).toEqual([]);
    },
  );
});

describe("the vectors of the other flavors", () => {
  test.each([
    ["loop.jsonl", 300],
    ["bridge.jsonl", 285],
  ])("leave the traces that they must: %s", async (name, count) => {
    const vectors = await vectorsOf(name);
    expect(vectors).toHaveLength(count);
    expect(await mismatchesOf(vectors, undefined)).toEqual([]);
  });
});
