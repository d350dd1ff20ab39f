import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { Lock as StructuredLock } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { isLoopResource, methodOf, passThrough, type Saying } from "../src/loop-resource.js";
import { rejectionOf } from "./rejection-of.js";

/** Passes through a resource with a body that fails, or gives "inside"; tells what was done. */
async function passing(
  resource: unknown,
  error?: Error,
): Promise<{ readonly steps: unknown[]; readonly ending: unknown }> {
  const steps: unknown[] = [];
  const inside = async (value: unknown, saying: Saying): Promise<string> => {
    steps.push(value, saying);
    if (error !== undefined) throw error;
    return "inside";
  };
  try {
    return { steps, ending: await passThrough(resource, inside) };
  } catch (thrown) {
    return { steps, ending: thrown };
  }
}

describe("the way through a resource", () => {
  test("is that of its block form, where it has one", async () => {
    const block = {
      async hold(body: (value: string) => Promise<string>) {
        return `held ${await body("value")}`;
      },
      enter: () => "not used",
      exit: () => {},
    };
    await expect(passing(block)).resolves.toEqual({
      steps: ["value", "block"],
      ending: "held inside",
    });
    const error = new Error("inside");
    await expect(passing(block, error)).resolves.toMatchObject({ ending: error });
  });

  test("is by enter and exit, with what exit gives", async () => {
    const exits: unknown[] = [];
    const pair = {
      enter: async () => "value",
      exit: (...args: unknown[]) => {
        exits.push(args);
        return "exit's own";
      },
    };
    await expect(passing(pair)).resolves.toEqual({
      steps: ["value", "body"],
      ending: "exit's own",
    });
    const error = new Error("inside");
    await expect(passing(pair, error)).resolves.toMatchObject({ ending: "exit's own" });
    expect(exits).toEqual([[], [error]]);
  });

  test("is by disposal, which has no say", async () => {
    const disposals: unknown[] = [];
    const disposable = {
      async [Symbol.asyncDispose]() {
        disposals.push(this);
        return true as unknown as void;
      },
    };
    await expect(passing(disposable)).resolves.toEqual({
      steps: [disposable, "body"],
      ending: undefined,
    });
    expect(disposals).toEqual([disposable]);
  });

  test("does not exist for what is no resource, or of the other flavor", async () => {
    for (const value of [5, undefined, "text", {}, { enter: () => {} }, () => {}]) {
      expect(isLoopResource(value)).toBe(false);
      const { ending } = await passing(value);
      expect(ending).toBeInstanceOf(ArgumentError);
    }
    const wrong = await rejectionOf(passThrough(new StructuredLock(), async () => {}));
    expect(wrong).toBeInstanceOf(WrongFlavorError);
    expect((wrong as Error).message).toMatch(/its 'hold' gives an operation, so it is structured/);
  });

  test("leads to the body, or is refused", async () => {
    const { ending } = await passing({ hold: async () => 5 });
    expect((ending as Error).message).toMatch(/its 'hold' has ended and not called the body/);
  });
});

test("a method is found by a name that the engine may not know", () => {
  expect(methodOf({ f: 1 }, "f")).toBeUndefined();
  expect(methodOf({ f() {} }, undefined)).toBeUndefined();
  expect(methodOf(null, "f")).toBeUndefined();
  expect(methodOf({ f: () => 5 }, "f")?.()).toBe(5);
});
