import { ArgumentError, type Host } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { checkExecutor, DefaultExecutor } from "../src/default-executor.js";
import type { LoopExecutor } from "../src/executor-layer.js";
import { ExecutorShutDownError } from "../src/executor-shut-down-error.js";
import { LayerMissingError } from "../src/layer-missing-error.js";
import { InlineExecutor } from "./inline-layers.js";

test("is opened by the layer when it is first asked for", () => {
  const executor = new InlineExecutor();
  const host = new VirtualHost();
  const openDefaultExecutor = vi.fn<(host: Host) => LoopExecutor>(() => executor);
  const slot = new DefaultExecutor(host, { openDefaultExecutor });
  expect(openDefaultExecutor).not.toHaveBeenCalled();
  expect([slot.get("run"), slot.get("run")]).toEqual([executor, executor]);
  expect(openDefaultExecutor.mock.calls).toEqual([[host]]);
});

test("one that was set is taken instead, and needs no layer", () => {
  const slot = new DefaultExecutor(new VirtualHost(), undefined);
  expect(() => slot.get("run work")).toThrow(LayerMissingError);
  const executor = new InlineExecutor();
  slot.set(executor);
  expect(slot.get("run work")).toBe(executor);
});

test("shut down, it takes nothing more; one that was never opened stays so", () => {
  const openDefaultExecutor = vi.fn<(host: Host) => LoopExecutor>(() => new InlineExecutor());
  const unopened = new DefaultExecutor(new VirtualHost(), { openDefaultExecutor });
  expect(unopened.shutdown({ wait: true })).toBeUndefined();
  expect(() => unopened.get("run work")).toThrow(ExecutorShutDownError);
  expect(openDefaultExecutor).not.toHaveBeenCalled();

  const executor = new InlineExecutor();
  const slot = new DefaultExecutor(new VirtualHost(), undefined);
  slot.set(executor);
  slot.shutdown({ wait: true })?.(() => {});
  expect(executor.ends).toEqual([{ wait: true, cancelFutures: false }]);
  expect(slot.shutdown({ wait: false })).toBeUndefined();
  expect(() => slot.get("run work")).toThrow(ExecutorShutDownError);
});

test("refuses what is no executor", () => {
  for (const wrong of [5, null, undefined, {}, { submit: () => {} }]) {
    expect(() => checkExecutor(wrong, "set it")).toThrow(ArgumentError);
  }
});
