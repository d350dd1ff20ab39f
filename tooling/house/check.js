// Checks the whole workspace against the rules of the house: `pnpm house`. Silent where all is
// well.
import path from "node:path";
import { rules } from "./rules.js";
import { readWorkspace } from "./workspace.js";

const workspace = readWorkspace(path.resolve(import.meta.dirname, "..", ".."));
let errors = 0;
for (const [name, rule] of Object.entries(rules)) {
  for (const { path: file, line, problem, instead, severity = "error" } of rule(workspace)) {
    if (severity === "error") errors += 1;
    console.error(`${file}:${line}: ${severity}: ${problem}\n    Instead: ${instead}. (${name})`);
  }
}
if (errors > 0) {
  console.error(`\nThe house rules found ${errors} ${errors === 1 ? "error" : "errors"}.`);
  process.exitCode = 1;
}
