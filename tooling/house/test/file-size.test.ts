import { expect, test } from "vitest";
import { fileSize } from "../rules/file-size.js";
import { planted } from "./planted.js";

const lines = (count: number): string => "x;\n".repeat(count);

test("fails above 400 lines and warns above 250", () => {
  const found = fileSize(
    planted({
      "packages/loop/src/a.ts": lines(401),
      "packages/loop/src/b.ts": lines(400),
      "packages/loop/src/c.ts": lines(251),
      "packages/loop/src/d.ts": lines(250),
    }),
  );
  expect(found.map(({ path, severity, problem }) => [path, severity, problem])).toEqual([
    ["packages/loop/src/a.ts", "error", "401 lines, more than 400"],
    ["packages/loop/src/b.ts", "warning", "400 lines, more than 250"],
    ["packages/loop/src/c.ts", "warning", "251 lines, more than 250"],
  ]);
});

test("lets a test be as long as its subject needs", () => {
  expect(fileSize(planted({ "packages/loop/test/a.test.ts": lines(900) }))).toEqual([]);
});
