import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import type { ExceptionContext } from "../src/exception-context.js";
import { OpenGenerators } from "../src/open-generators.js";

async function* count(log: string[], name: string): AsyncGenerator<number, string, string | void> {
  try {
    for (let i = 0; ; i++) log.push(`${name} got ${String(yield i)}`);
  } finally {
    log.push(`${name} closed`);
  }
}

async function closeAll(generators: OpenGenerators): Promise<ExceptionContext[]> {
  const told: ExceptionContext[] = [];
  await generators.closeAll((context) => void told.push(context));
  return told;
}

test("closes what was left in the middle, and nothing that has ended", async () => {
  const log: string[] = [];
  const generators = new OpenGenerators();
  const left = generators.add(count(log, "left"));
  await left.next("");
  await left.next("x");
  for await (const _ of generators.add(count(log, "broken off"))) break;
  const thrown = generators.add(count(log, "thrown into"));
  await thrown.next("");
  await expect(thrown.throw(new Error("no"))).rejects.toThrow("no");
  log.push("closing");
  expect(await closeAll(generators)).toEqual([]);
  expect(log).toEqual([
    "left got x",
    "broken off closed",
    "thrown into closed",
    "closing",
    "left closed",
  ]);
});

test("tells of those that fail while they close, and closes the others", async () => {
  const log: string[] = [];
  const error = new Error("cleanup failed");
  async function* failing(): AsyncGenerator<number> {
    try {
      yield 1;
    } finally {
      // oxlint-disable-next-line no-unsafe-finally -- that is the failure
      throw error;
    }
  }
  const generators = new OpenGenerators();
  const generator = failing();
  await generators.add(generator).next();
  await generators.add(count(log, "other")).next("");
  const [context, ...others] = await closeAll(generators);
  expect(context).toMatchObject({ exception: error, asyncgen: generator });
  expect([others, log]).toEqual([[], ["other closed"]]);
  expect(await closeAll(generators)).toEqual([]);
});

test("is disposed of like the generator that it stands for", async () => {
  const log: string[] = [];
  {
    await using generator = new OpenGenerators().add(count(log, "used"));
    expect(await generator.next("")).toEqual({ done: false, value: 0 });
    expect(generator[Symbol.asyncIterator]()).toBe(generator);
  }
  expect(log).toEqual(["used closed"]);
});

test("takes nothing else than async generators", () => {
  const generators = new OpenGenerators();
  const others = [undefined, {}, async function* () {}, (function* () {})(), new ReadableStream()];
  for (const other of others) expect(() => generators.add(other as never)).toThrow(ArgumentError);
});
