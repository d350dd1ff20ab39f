import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkName, checkPort, endOf, nameOf, textOf } from "../../src/streams/socket-name.js";

test("names where a server listens, and an end of a socket", () => {
  expect(nameOf({ address: "::1", port: 80, family: "IPv6" })).toEqual({
    address: "::1",
    port: 80,
    family: 6,
  });
  expect(nameOf("/run/socket")).toEqual({ address: "/run/socket", port: 0, family: "unix" });
  expect(endOf("127.0.0.1", 80, "IPv4")).toEqual({ address: "127.0.0.1", port: 80, family: 4 });
  expect(endOf(undefined, undefined, undefined)).toBeUndefined();
});

test("shows an address so that its port can be told from it", () => {
  expect([textOf("127.0.0.1", 80), textOf("::1", 80)]).toEqual(["127.0.0.1:80", "[::1]:80"]);
});

test("checks ports and names", () => {
  checkPort(0, 0, "listen at");
  checkPort(65_535, 1, "connect to");
  expect(() => checkPort(0, 1, "connect to")).toThrow("Cannot connect to port 0");
  expect(() => checkPort(65_536, 1, "connect to")).toThrow(ArgumentError);
  checkName("localhost", "connect to");
  expect(() => checkName("", "connect to")).toThrow(ArgumentError);
  expect(() => checkName(undefined, "connect to")).toThrow(ArgumentError);
});
