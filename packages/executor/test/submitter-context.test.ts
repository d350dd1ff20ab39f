import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { captureContext } from "../src/submitter-context.js";

test("calls back in the context of the capture", () => {
  const user = new AsyncLocalStorage<string>();
  const inContext = user.run("anna", captureContext);
  const seen: unknown[] = [];
  user.run("bert", () => inContext(() => seen.push(user.getStore())));
  expect(seen).toEqual(["anna"]);
});
