import { expect, test } from "vitest";
import { hostAndPort, targetsOf, textOf } from "../src/targets.js";

test.each([
  ["example.com:443", { host: "example.com", port: 443 }],
  ["127.0.0.1:80", { host: "127.0.0.1", port: 80 }],
  ["[::1]:80", { host: "::1", port: 80 }],
  ["example.com", undefined],
  ["example.com:0", undefined],
  ["example.com:65536", undefined],
  ["::1:80", undefined],
  [":80", undefined],
])("%s", (word, found) => {
  expect(hostAndPort(word)).toEqual(found);
});

test("an address is found by itself, and shown as it was given", async () => {
  const targets = [...(await targetsOf("127.0.0.1", 80)), ...(await targetsOf("::1", 80))];
  expect(targets.map((target) => textOf(target))).toEqual(["127.0.0.1:80", "[::1]:80"]);
});
