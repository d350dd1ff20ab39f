import { EventLoop } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { adopt, isAdopted } from "../src/adopted-loops.js";

test("a loop is adopted until each adoption is taken back", async () => {
  const loop = new EventLoop({ host: new VirtualHost() });
  const other = new EventLoop({ host: new VirtualHost() });
  expect(isAdopted(loop)).toBe(false);
  const takeBack = [adopt(loop), adopt(loop)];
  expect([isAdopted(loop), isAdopted(other)]).toEqual([true, false]);
  takeBack[0]?.();
  expect(isAdopted(loop)).toBe(true);
  takeBack[1]?.();
  expect(isAdopted(loop)).toBe(false);
  await Promise.all([loop.close(), other.close()]);
});
