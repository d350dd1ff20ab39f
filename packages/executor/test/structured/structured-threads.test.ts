import { platformHost } from "@trestle/host";
import { checkpoint, run } from "@trestle/structured";
import { expect, test } from "vitest";
import { StructuredExecutor } from "../../src/structured/structured-executor.js";
import { structuredThreads } from "../../src/structured/structured-threads.js";
import { work } from "../built-work.js";

test("opens an executor for each loop, and blocks threads", () =>
  run(function* () {
    yield* checkpoint();
    const layer = structuredThreads({ maxWorkers: 1 });
    const executor = layer.openDefaultExecutor(platformHost());
    expect(executor).toBeInstanceOf(StructuredExecutor);
    expect(layer.openDefaultExecutor(platformHost())).not.toBe(executor);
    expect(layer.runUntilComplete(work.add, [1, 2])).toBe(3);
  }));
