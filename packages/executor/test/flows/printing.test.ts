// A program of one file, as a bundler makes it: nothing of the package lies beside it.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { build, work } from "../built-work.js";

test("what work prints while the thread that called it stands still comes in order, also at the end of the process", () => {
  const program = fileURLToPath(build("flows/printing-program"));
  const output = execFileSync(process.execPath, [program, work.print.module], {
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(output.split("\n")).toEqual(["before", "from the work", "after", "last words", ""]);
}, 30_000);
