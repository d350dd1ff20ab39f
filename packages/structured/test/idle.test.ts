import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { IdleWatch, type IdleWaiter } from "../src/idle.js";

interface Bench {
  readonly host: VirtualHost;
  readonly told: string[];
  readonly watch: IdleWatch;
  readonly waiter: (name: string, cushion: number, rank?: number) => IdleWaiter;
  readonly settled: () => Promise<void>;
  quiet: boolean;
}

function setUp(): Bench {
  const host = new VirtualHost();
  const told: string[] = [];
  const bench: Bench = {
    host,
    told,
    quiet: true,
    watch: new IdleWatch(host, () => bench.quiet),
    waiter: (name, cushion, rank = 0) => ({
      cushion,
      rank,
      idle: () => void told.push(`${host.now()} ${name}`),
    }),
    settled: () => new Promise<void>((resolve) => void host.at(host.now() + 1000, resolve)),
  };
  return bench;
}

test("tells at once who wants no cushion, after a turn of the host", async () => {
  const { watch, waiter, told, settled } = setUp();
  watch.add(waiter("a", 0));
  expect(told).toEqual([]);
  await settled();
  expect(told).toEqual(["0 a"]);
});

test("tells the smallest cushions together, and the others after a quiet time of their own (TST-6, T244)", async () => {
  const { watch, waiter, told, settled } = setUp();
  watch.add(waiter("long", 30));
  watch.add(waiter("a", 10));
  watch.add(waiter("b", 10));
  await settled();
  expect(told).toEqual(["10 a", "10 b", "40 long"]);
});

test("tells the lower rank first at equal cushions (LOOP-4, TST-3)", async () => {
  const { watch, waiter, told, settled } = setUp();
  watch.add(waiter("clock", 0, 1));
  watch.add(waiter("test", 0));
  await settled();
  expect(told).toEqual(["0 test", "0 clock"]);
});

test("begins the cushion anew after each tick", async () => {
  const { host, watch, waiter, told, settled } = setUp();
  watch.add(waiter("a", 10));
  host.at(6, () => {
    watch.stir();
    watch.settle();
  });
  await settled();
  expect(told).toEqual(["16 a"]);
});

test("asks again while something is about to be ready", async () => {
  const state = setUp();
  state.quiet = false;
  state.watch.add(state.waiter("a", 0));
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => state.host.soon(resolve));
  expect(state.told).toEqual([]);
  state.quiet = true;
  await state.settled();
  expect(state.told).toEqual(["0 a"]);
});

test("forgets who was taken out", async () => {
  const { watch, waiter, told, settled } = setUp();
  const a = waiter("a", 10);
  watch.add(a);
  watch.add(waiter("b", 20));
  watch.remove(a);
  await settled();
  expect(told).toEqual(["20 b"]);
});
