import { ArgumentError } from "@trestle/host";
import { openMemoryChannel, Lock, openNursery, run, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import {
  isStructuredResource,
  isStructuredSource,
  throughResource,
} from "../src/structured-source.js";

/** Goes through a resource with a body that fails or gives "inside"; gives what came out, and what the body got. */
function through(resource: object, error?: Error): Promise<[ending: unknown, value: unknown]> {
  let value: unknown;
  return run(
    function* () {
      try {
        // oxlint-disable-next-line require-yield -- it fails or returns at once
        const ending = yield* throughResource(resource, function* (given): Operation<string> {
          value = given;
          if (error !== undefined) throw error;
          return "inside";
        });
        return [ending, value];
      } catch (thrown) {
        return [thrown, value];
      }
    },
    { host: new VirtualHost() },
  );
}

test("sources and resources are known by their methods", () => {
  const [, receive] = openMemoryChannel<number>(0);
  expect([receive, { each() {} }, {}, 5, undefined].map(isStructuredSource)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  const pair = { enter() {}, exit() {} };
  expect(
    [new Lock(), { hold: openNursery }, pair, { aclose() {} }, { enter() {} }, undefined].map(
      isStructuredResource,
    ),
  ).toEqual([true, true, true, true, false, false]);
});

test("a block form is held, and gives what comes out", async () => {
  const block = {
    *hold(body: (value: number) => Operation<string>): Operation<string> {
      return `held ${yield* body(5)}`;
    },
  };
  await expect(through(block)).resolves.toEqual(["held inside", 5]);
});

test("a pair is left with the body's error, and may suppress it by true", async () => {
  const exits: unknown[][] = [];
  const pair = (isSuppressing: unknown) => ({
    *enter(): Operation<number> {
      return 5;
    },
    *exit(...args: unknown[]): Operation<unknown> {
      exits.push(args);
      return isSuppressing;
    },
  });
  const error = new Error("inside");
  await expect(through(pair(true))).resolves.toEqual(["inside", 5]);
  await expect(through(pair(true), error)).resolves.toEqual([undefined, 5]);
  await expect(through(pair("yes"), error)).resolves.toEqual([error, 5]);
  expect(exits).toEqual([[], [error], [error]]);
});

test("an error of the exit comes out, or is added to the body's", async () => {
  const [inside, ofExit] = [new Error("inside"), new Error("of the exit")];
  const pair = {
    *enter(): Operation<void> {},
    *exit(): Operation<void> {
      throw ofExit;
    },
  };
  await expect(through(pair)).resolves.toEqual([ofExit, undefined]);
  const [ending] = await through(pair, inside);
  expect(ending).toBe(inside);
  expect(ending).toMatchObject({ suppressed: [ofExit] });
});

test("what is open already is closed by aclose", async () => {
  const closed: unknown[] = [];
  const stream = {
    *aclose(): Operation<void> {
      closed.push(this);
    },
  };
  await expect(through(stream)).resolves.toEqual(["inside", stream]);
  const error = new Error("inside");
  await expect(through(stream, error)).resolves.toEqual([error, stream]);
  expect(closed).toEqual([stream, stream]);
});

test("what is no resource is refused, and so is a block that calls no body", async () => {
  const [ending] = await through({});
  expect(ending).toBeInstanceOf(ArgumentError);
  const [odd] = await through({ *hold(): Operation<void> {} });
  expect((odd as Error).message).toMatch(/its 'hold' has ended and not called the body/);
});
