import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { formatEndpoint, requireHostname, requirePort } from "../../src/net/endpoint.js";

test.each([
  ["127.0.0.1", 80, "127.0.0.1:80"],
  ["example.com", 443, "example.com:443"],
  ["::1", 80, "[::1]:80"],
])("T249: %s and %i are shown as %s", (address, port, shown) => {
  expect(formatEndpoint(address, port)).toBe(shown);
});

test("a port is a whole number up to 65535, and 0 only where any will do", () => {
  requirePort(0, 0, "listen at");
  requirePort(65_535, 1, "connect to");
  for (const port of [0, -1, 1.5, 65_536, "80", undefined, Number.NaN]) {
    expect(() => requirePort(port, 1, "connect to")).toThrow(ArgumentError);
  }
  expect(() => requirePort("80", 1, "connect to")).toThrow(
    'Cannot connect to port "80" (string): a whole number from 1 to 65535 is wanted.',
  );
});

test("a host is a text", () => {
  requireHostname("h", "connect to");
  for (const host of ["", undefined, null, 5, new Uint8Array(1)]) {
    expect(() => requireHostname(host, "connect to")).toThrow(ArgumentError);
  }
});
