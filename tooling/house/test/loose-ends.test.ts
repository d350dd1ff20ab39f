import { expect, test } from "vitest";
import { looseEnds } from "../rules/loose-ends.js";
import { problems } from "./planted.js";

// Put together here, so that the rule does not find this file.
const reminder = ["TO", "DO"].join("");
const home = ["", "home", "somebody", "file"].join("/");

test("finds reminders and paths of one machine", () => {
  const found = problems(looseEnds, {
    "packages/loop/src/future.ts": `// ${reminder}: finish`,
    "docs/flows.md": `See ${home}.`,
    "tooling/bench/src/main.ts": `const file = "${["C:", "Users", "somebody"].join("\\")}";`,
  });
  expect(found).toEqual([
    "a path of one machine's home folder",
    `${reminder} in a file`,
    "a path of one machine's home folder",
  ]);
});

test("lets words and addresses that look alike be", () => {
  const found = problems(looseEnds, {
    "docs/flows.md": `${reminder}S of the day, https://example.com${home}, ./docs${home}`,
  });
  expect(found).toEqual([]);
});
