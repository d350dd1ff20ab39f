import { expect, test } from "vitest";
import { networkError } from "../src/network-error.js";

function fetchFailed(cause: unknown): TypeError {
  return new TypeError("fetch failed", { cause });
}

function coded(code: string, message = "low-level words"): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  ["ECONNREFUSED", "the server refused the connection", true],
  ["ECONNRESET", "the connection broke off", true],
  ["UND_ERR_SOCKET", "the connection broke off", true],
  ["ENOTFOUND", "there is no server of this name", false],
  ["CERT_HAS_EXPIRED", "the server's certificate has expired", false],
  ["E_NEVER_SEEN", "low-level words", false],
])("puts %s into words", (code, message, passing) => {
  expect(networkError(fetchFailed(coded(code)))).toMatchObject({ message, passing });
});

test("looks into the tries for each address of a server", () => {
  const tries = new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")]);
  expect(networkError(fetchFailed(tries)).message).toBe("the server refused the connection");
});

test("takes what has no cause at its word", () => {
  expect(networkError(new TypeError("no such method"))).toMatchObject({
    message: "no such method",
    passing: false,
  });
  expect(networkError("odd").message).toBe("odd");
});

test("survives a chain of causes that has no end", () => {
  const first = new Error("first");
  first.cause = new Error("second", { cause: first });
  expect(networkError(first).message).toMatch(/first|second/);
});
