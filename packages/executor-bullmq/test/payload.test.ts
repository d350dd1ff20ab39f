import { ExceptionGroup } from "@trestle/host";
import { expect, test } from "vitest";
import { PayloadError } from "../src/payload-error.js";
import { decodePayload, decodeThrown, encodePayload, encodeThrown } from "../src/payload.js";

function there(value: unknown): unknown {
  return decodePayload(encodePayload(value, "it"), "it");
}

test("carries plain data, and what JSON has no words for", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const value = {
    nothing: undefined,
    date: new Date(5),
    map: new Map([["a", new Set([1n])]]),
    bytes: new Uint8Array([1, 2]),
    odd: [Number.NaN, -0, Number.NEGATIVE_INFINITY],
  };
  expect(there(value)).toEqual(value);
  const back = there(circle) as typeof circle;
  expect(back.self).toBe(back);
  expect(there(undefined)).toBeUndefined();
});

test("says where in the arguments the thing is that cannot travel", () => {
  const encode = (): unknown => encodePayload([{ deep: [() => {}] }], "the arguments of 'f'");
  expect(encode).toThrow(PayloadError);
  expect(encode).toThrow(/^Cannot send the arguments of 'f': .*'\[0\]\.deep\[0\]'/u);
});

test.for([[undefined], [5], ["no such text"], ['[{"a":9}]']])(
  "refuses what others have put into the queue: %o",
  ([text]) => {
    expect(() => decodePayload(text, "the arguments of 'f'")).toThrow(PayloadError);
  },
);

test("carries an error with its class, code, cause, own fields and stack", () => {
  const cause = new TypeError("deeper");
  const thrown = Object.assign(new RangeError("too far", { cause }), {
    code: "E_FAR",
    seen: new Map([[1, 2]]),
    callback: () => {},
  });
  const back = decodeThrown(encodeThrown(thrown)) as typeof thrown;
  expect(back).toBeInstanceOf(RangeError);
  expect(back).toMatchObject({ message: "too far", code: "E_FAR", seen: new Map([[1, 2]]) });
  expect(back.cause).toBeInstanceOf(TypeError);
  expect(back.stack).toBe(thrown.stack);
  expect(back).not.toHaveProperty("callback");
});

test("carries groups, and things that are no errors", () => {
  const group = new ExceptionGroup("two", [new Error("one"), new Error("other")]);
  const back = decodeThrown(encodeThrown(group)) as ExceptionGroup;
  expect(back).toBeInstanceOf(ExceptionGroup);
  expect(back.errors.map((error) => (error as Error).message)).toEqual(["one", "other"]);
  expect(decodeThrown(encodeThrown(undefined))).toBeUndefined();
  expect(decodeThrown(encodeThrown("text"))).toBe("text");
});
