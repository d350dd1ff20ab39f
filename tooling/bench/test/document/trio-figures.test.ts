import { expect, test } from "vitest";
import { trioFigures } from "../../src/document/trio-figures.js";

test("says what is missing where there is no Python, and where it has no Trio", () => {
  expect(trioFigures("no-such-python")).toEqual({ missing: "there is no no-such-python here" });
  // Like a Python without Trio, this ends with a code and prints nothing.
  expect(trioFigures("false")).toEqual({ missing: "false has no Trio" });
});
