import { expect, test } from "vitest";
import { sourceHash } from "../../native/build.js";
import { findAddon, isAddon } from "../../src/readiness/addon.js";
import { addon, hasAddon } from "../open-pair.js";

test.skipIf(!hasAddon)(
  "the native part is loaded once, and made of the sources that are here",
  () => {
    expect(findAddon()).toBe(findAddon());
    expect(addon().sourceHash).toBe(sourceHash());
  },
);

test("Linux on x64 and arm64 have a native part, whatever else there is", () => {
  const isPrebuilt = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
  if (isPrebuilt) expect(findAddon()).not.toHaveProperty("why");
  expect(isAddon({ why: "none" })).toBe(false);
});

test.skipIf(!hasAddon)("what fails gives the errno, and throws nothing", () => {
  const bytes = new Uint8Array(1);
  expect([addon().read(987_654, bytes), addon().write(987_654, bytes)]).toEqual([-9, -9]);
  expect(addon().closeDescriptor(987_654)).toBe(-9);
  expect([addon().setBlocking(987_654, true), addon().isBlocking(987_654)]).toEqual([-9, -9]);
  // What is no descriptor and no memory is no crash either.
  const loose = addon() as unknown as Record<string, (...args: unknown[]) => number | undefined>;
  expect([loose["read"]?.("x", "y"), loose["arm"]?.(), loose["arm"]?.({}, 1, 1, 1)]).toEqual([
    -9, -22, -22,
  ]);
  expect([loose["hold"]?.(1), loose["close"]?.("x")]).toEqual([undefined, undefined]);
});
