import { ExceptionGroup } from "@trestle/host";
import { expect, test } from "vitest";
import { allAttemptsFailed, ConnectError } from "../../src/net/connect-error.js";

test("tells what each address failed with, a line for each (HE-7)", () => {
  const errors = [new Error("refused\nwith details"), "no error at all"];
  const error = allAttemptsFailed("example.org:80", [
    { to: "1.1.1.1:80", error: errors[0] },
    { to: "[::1]:80", error: errors[1] },
  ]);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error.message.split("\n")).toEqual([
    "Cannot connect to 'example.org:80': all 2 attempts failed.",
    "  1.1.1.1:80: Error: refused",
    '  [::1]:80: "no error at all" (string)',
  ]);
  expect((error.cause as ExceptionGroup).errors).toEqual(errors);
});

test("has a group for a cause also where there was one attempt (HE-3)", () => {
  const only = new Error("refused");
  const error = allAttemptsFailed("h:80", [{ to: "1.1.1.1:80", error: only }]);
  expect(error.message).toContain("the attempt failed.");
  expect(error.cause).toBeInstanceOf(ExceptionGroup);
  expect((error.cause as ExceptionGroup).errors).toEqual([only]);
});
