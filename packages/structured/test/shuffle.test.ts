import { describe, expect, test } from "vitest";
import { seededShuffle } from "../src/shuffle.js";

function shuffled(seed: number, length: number): number[] {
  const list = Array.from({ length }, (_, i) => i);
  seededShuffle(seed)(list);
  return list;
}

describe("a seeded shuffle", () => {
  test("keeps all members", () => {
    for (const length of [0, 1, 2, 100]) {
      expect(shuffled(1, length).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length }, (_, i) => i),
      );
    }
  });

  test("makes the same choices for the same seed, now and in all versions: failures name their seed", () => {
    expect(shuffled(1, 8)).toEqual(shuffled(1, 8));
    expect(shuffled(42, 8)).toEqual([2, 7, 1, 0, 6, 5, 3, 4]);
  });

  test("makes other choices for other seeds, and the next time with the same shuffle", () => {
    expect(shuffled(1, 100)).not.toEqual(shuffled(2, 100));
    const shuffle = seededShuffle(1);
    const [first, second] = [shuffled(0, 100), shuffled(0, 100)];
    shuffle(first);
    shuffle(second);
    expect(first).not.toEqual(second);
  });

  test("reaches every order of three, each about as often", () => {
    const shuffle = seededShuffle(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const list = ["a", "b", "c"];
      shuffle(list);
      counts.set(list.join(""), (counts.get(list.join("")) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("takes any number for a seed", () => {
    for (const seed of [0, -1, 2 ** 40, 0.5]) expect(shuffled(seed, 5)).toHaveLength(5);
  });
});
