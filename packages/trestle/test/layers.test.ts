import type { LoopOptions } from "@trestle/bridge";
import type { ExecutorLayer } from "@trestle/loop";
import { closeDescriptor } from "@trestle/io";
import { expect, test } from "vitest";
import { withLayers, withStructuredLayers } from "../src/layers.js";

test("plugs in threads and descriptors, and keeps what else the options say", () => {
  const options = withLayers({ executor: undefined, debug: true });
  expect(options).toMatchObject({ debug: true });
  expect(options.executor).toHaveProperty("openDefaultExecutor");
  expect(options.io).toHaveProperty("watchDescriptor");
});

test("leaves layers alone that are given", () => {
  const executor = {} as ExecutorLayer;
  expect(withLayers({ executor }).executor).toBe(executor);
});

test("lets a loop of a structured run close descriptors, in another way if one is given", () => {
  const closeNothing = (): void => {};
  for (const options of [{}, { closeDescriptor: undefined }] as LoopOptions[])
    expect(withStructuredLayers(options).closeDescriptor).toBe(closeDescriptor);
  const options = withStructuredLayers({ closeDescriptor: closeNothing });
  expect(options.closeDescriptor).toBe(closeNothing);
});
