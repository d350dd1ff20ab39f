import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { StreamRuleError } from "../../src/testing.js";
import { threw } from "../../src/testing/stream-rule-error.js";

test("a broken rule is told with what was found", () => {
  const cause = new Error("oops");
  const error = new StreamRuleError("a stream is closed once", threw(cause), { cause });
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({
    name: "StreamRuleError",
    code: "TRESTLE_STREAM_RULE",
    rule: "a stream is closed once",
    cause,
  });
  expect(error.message).toMatch(
    /^Cannot confirm that a stream is closed once: it threw Error: oops\.\nMend the stream;/,
  );
});
