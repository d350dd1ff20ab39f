import { expect, test } from "vitest";
import { isCancelled, moveOnAfter, run } from "../../src/index.js";
import { resolveHost } from "../../src/net/resolve-host.js";
import { virtualRun } from "../virtual-run.js";

test("an IP address stands for itself (SO-3)", async () => {
  await run(function* () {
    expect(yield* resolveHost("127.0.0.1")).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(yield* resolveHost("::1")).toEqual([{ address: "::1", family: 6 }]);
  });
});

test("a name is looked up, with all of its addresses", async () => {
  const { run: runVirtually, host } = virtualRun();
  const found = await runVirtually(() => resolveHost("localhost"));
  expect(found.map(({ address }) => address)).toContain("127.0.0.1");
  for (const { address, family } of found) expect(address.includes(":") ? 6 : 4).toBe(family);
  expect(host.held).toEqual([]);
});

test("a cancelled lookup is left behind, and holds nothing (SO-3)", async () => {
  const { run: runVirtually, host } = virtualRun();
  const result = await runVirtually(() =>
    moveOnAfter(0, function* () {
      try {
        yield* resolveHost("localhost");
      } catch (error) {
        expect(isCancelled(error)).toBe(true);
        throw error;
      }
    }),
  );
  expect(result.cancelledCaught).toBe(true);
  expect(host.held).toEqual([]);
});
