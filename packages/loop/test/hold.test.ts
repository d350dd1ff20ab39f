import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { Held, holding, type Holdable } from "../src/hold.js";

/** Something held, which tells what was called. */
function holdable(): Holdable & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    acquire: async () => void calls.push("acquire"),
    release: () => void calls.push("release"),
  };
}

test("a body runs between acquire and release, and gives its value or error", async () => {
  const thing = holdable();
  const body = async (): Promise<string> => {
    thing.calls.push("body");
    return "value";
  };
  expect(await holding(thing, body, undefined)).toBe("value");
  const fail = (): never => {
    throw new Error("no promise even");
  };
  await expect(holding(thing, fail, undefined)).rejects.toThrow("no promise even");
  expect(thing.calls).toEqual(["acquire", "body", "release", "acquire", "release"]);
});

test("where acquiring fails nothing is released, and a body of the wrong flavor acquires nothing", async () => {
  const thing = holdable();
  const busy = { ...thing, acquire: () => Promise.reject(new Error("busy")) };
  await expect(holding(busy, async () => {}, undefined)).rejects.toThrow("busy");
  await expect(holding(thing, function* () {} as never, undefined)).rejects.toThrow(
    WrongFlavorError,
  );
  expect(thing.calls).toEqual([]);
});

test("a body that gives an operation fails, and what was held is released", async () => {
  const thing = holdable();
  const operation = (function* () {})();
  await expect(holding(thing, () => operation as never, undefined)).rejects.toThrow(
    WrongFlavorError,
  );
  expect(thing.calls).toEqual(["acquire", "release"]);
});

test("what is held is released once, by either way of disposing", async () => {
  const thing = holdable();
  const held = new Held(thing);
  await held[Symbol.asyncDispose]();
  held[Symbol.dispose]();
  expect(thing.calls).toEqual(["release"]);
});
