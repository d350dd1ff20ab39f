import { WrongFlavorError } from "@trestle/host";
import { currentLoop, EventLoop, sleep } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { iterate, openLoop } from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

async function* loops(): AsyncGenerator {
  for (let i = 0; i < 2; i++) {
    await sleep(1);
    yield currentLoop();
  }
}

test("all steps run in the loop that is given (trio-asyncio 2.8: it was not looked at)", async () => {
  const { run } = virtualBridge();
  const seen: unknown[] = [];
  await run(function* (outer) {
    yield* openLoop(function* (inner) {
      yield* iterate(outer, loops()).each(function* (loop) {
        seen.push(loop === outer);
      });
      yield* iterate(inner, loops()).open(function* (items) {
        seen.push((yield* items.next()).value === inner);
      });
    });
  });
  expect(seen).toEqual([true, true, true]);
});

test("something else than a loop of the bridge and an async iterable is refused", async () => {
  const { run } = virtualBridge();
  const alone = new EventLoop({ host: new VirtualHost() });
  expect(() => iterate(alone as never, loops())).toThrow(WrongFlavorError);
  for (const value of [undefined, null, 5])
    expect(() => iterate(value as never, loops())).toThrow(
      /^Cannot iterate in .*: a loop of the bridge is wanted\.\n/,
    );
  await run(function* (loop) {
    for (const value of [loops, [1], undefined, Promise.resolve(1)]) {
      expect(() => iterate(loop, value as never)).toThrow(/: an async iterable is wanted\.\n/);
    }
  });
  await alone.close();
});
