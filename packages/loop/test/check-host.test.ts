import { ArgumentError, type Host } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { checkHost } from "../src/check-host.js";
import { run } from "../src/run.js";

test("gives a host as it is", () => {
  const host = new VirtualHost();
  expect(checkHost(host)).toBe(host);
});

test("a run on what is no host says so", async () => {
  await expect(run(async () => {}, { host: {} as Host })).rejects.toThrow(
    "Cannot make an event loop with an Object as 'host': a Host is wanted.",
  );
  expect(() => checkHost(null as unknown as Host)).toThrow(ArgumentError);
});
