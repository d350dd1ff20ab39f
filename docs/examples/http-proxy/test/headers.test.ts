import { expect, test } from "vitest";
import { endToEnd } from "../src/headers.js";

test("headers of one connection are not passed on, also those that it names itself", () => {
  const headers = {
    connection: "Keep-Alive, X-Hop",
    "keep-alive": "timeout=5",
    "x-hop": "1",
    "transfer-encoding": "chunked",
    "content-type": "text/plain",
    "set-cookie": ["a", "b"],
  };
  expect(endToEnd(headers)).toEqual({ "content-type": "text/plain", "set-cookie": ["a", "b"] });
});
