import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { DelimiterNotFoundError, IncompleteReadError } from "../../src/streams.js";

test("the errors of reading have names, stable codes and messages", () => {
  const incomplete = new IncompleteReadError("10 bytes", 3);
  expect(incomplete).toBeInstanceOf(TrestleError);
  expect(incomplete).toMatchObject({
    name: "IncompleteReadError",
    code: "TRESTLE_INCOMPLETE_READ",
    available: 3,
  });
  expect(incomplete.message).toMatch(/^Cannot read 10 bytes: the stream has ended, with 3 bytes/);
  const missing = new DelimiterNotFoundError(5);
  expect(missing).toBeInstanceOf(TrestleError);
  expect(missing).not.toBeInstanceOf(IncompleteReadError);
  expect(missing).toMatchObject({
    name: "DelimiterNotFoundError",
    code: "TRESTLE_DELIMITER_NOT_FOUND",
    maxBytes: 5,
  });
  expect(missing.message).toMatch(/^Cannot read up to the delimiter: it is not among the first 5/);
});
