import { expect, test, vi } from "vitest";
import { housekeepingTimer } from "../src/housekeeping-timer.js";
import { childPrograms } from "./child-program.js";

const run = childPrograms();

vi.setConfig({ testTimeout: 20_000, hookTimeout: 30_000 });

test("calls back, unless it was withdrawn", async () => {
  const log: string[] = [];
  housekeepingTimer(1, () => log.push("withdrawn"))();
  await new Promise<void>((resolve) => housekeepingTimer(2, resolve));
  expect(log).toEqual([]);
});

test("keeps no process alive", async () => {
  const program = `host.housekeepingTimer(60_000, () => console.log("called"));`;
  expect(await run(program)).toEqual({ code: 0, lines: [] });
});
