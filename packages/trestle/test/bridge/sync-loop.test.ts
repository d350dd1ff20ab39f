import { expect, test, vi } from "vitest";
import { SyncLoop } from "../../src/bridge/sync-loop.js";
import { basename } from "../work.js";

test("blocks on a worker thread of its own", () => {
  // The bridge calls it deprecated.
  vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  using loop = new SyncLoop();
  expect(loop.runUntilComplete(basename, ["a/b"])).toBe("b");
});
