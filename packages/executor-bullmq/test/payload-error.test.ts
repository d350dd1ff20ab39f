import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { PayloadError } from "../src/payload-error.js";

test("is one of Trestle's, with a code and its cause", () => {
  const cause = new Error("why");
  const error = new PayloadError("Cannot send it.", { cause });
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "PayloadError", code: "TRESTLE_PAYLOAD", cause });
});
