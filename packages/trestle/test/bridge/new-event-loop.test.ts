import { expect, test, vi } from "vitest";
import { newEventLoop } from "../../src/bridge/new-event-loop.js";
import { basename } from "../work.js";

test("makes a loop with worker threads", async () => {
  // The bridge calls it deprecated.
  vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const loop = newEventLoop();
  try {
    const name = await loop.runUntilComplete(loop.runInExecutor(undefined, basename, "a/b"));
    expect(name).toBe("b");
  } finally {
    await loop.runUntilComplete(loop.shutdownDefaultExecutor());
    await loop.close();
  }
});
