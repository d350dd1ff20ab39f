import { expect, test } from "vitest";
import {
  blockAgain,
  closeEnd,
  openEnds,
  readInto,
  stopBlocking,
  wouldBlock,
  writeFrom,
} from "../../src/descriptor/raw-descriptor.js";
import { hasAddon } from "../open-pair.js";

test.skipIf(!hasAddon)("calls give numbers, also for what fails", () => {
  const [reading, writing] = openEnds() as [number, number];
  expect([stopBlocking(reading), stopBlocking(reading)]).toEqual([true, false]);
  const bytes = new Uint8Array(2);
  expect(wouldBlock(readInto(reading, bytes))).toBe(true);
  expect(writeFrom(writing, new Uint8Array([7]))).toBe(1);
  expect([readInto(reading, bytes), bytes[0]]).toEqual([1, 7]);
  blockAgain(reading);
  expect(stopBlocking(reading)).toBe(true);
  for (const fd of [reading, writing]) closeEnd(fd);
  for (const fd of [reading, writing]) expect(stopBlocking(fd)).toBe(-9);
  expect([stopBlocking(987_654), readInto(987_654, bytes)]).toEqual([-9, -9]);
});
