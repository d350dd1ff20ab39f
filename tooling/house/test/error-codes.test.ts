import { expect, test } from "vitest";
import { errorCodes } from "../rules/error-codes.js";
import { places } from "./planted.js";

test("finds a code without an entry, and an entry without a code", () => {
  const found = places(errorCodes, {
    "docs/errors.md": "# Errors\n\n## TRESTLE_GONE\n",
    "packages/loop/src/lost-error.ts": `\nconst code = "TRESTLE_LOST";`,
  });
  expect(found).toEqual(["packages/loop/src/lost-error.ts:2", "docs/errors.md:3"]);
});

test("is content where both sides agree", () => {
  const found = places(errorCodes, {
    "docs/errors.md": "## TRESTLE_LOST\n",
    "packages/loop/src/lost-error.ts": `// such as "TRESTLE_EXAMPLE"\nconst code = "TRESTLE_LOST";`,
    "packages/loop/test/lost-error.test.ts": `expect(code).toBe("TRESTLE_OTHER");`,
  });
  expect(found).toEqual([]);
});
