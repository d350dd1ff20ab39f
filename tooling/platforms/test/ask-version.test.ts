import { expect, test } from "vitest";
import { askVersion } from "../ask-version.js";

test("gives what the binary says", () => {
  expect(askVersion(process.execPath)).toEqual({ version: process.version });
});

test("says why one does not run", () => {
  expect(askVersion("/no/such/file")).toEqual({
    unable: expect.stringContaining("ENOENT") as string,
  });
  expect(askVersion(process.execPath, { NODE_OPTIONS: "--no-such-option" })).toEqual({
    unable: expect.stringMatching(/^Command failed: .+; .+--no-such-option/u) as string,
  });
});
