// The command `pnpm coverage`: which lines of the packages their tests reach. Each group of tests is run by itself, and what they have
// reached is put together: a table here, and pages to look at in `coverage/`.
import { rmSync } from "node:fs";
import path from "node:path";
import { runVitest } from "./run-vitest.js";
import { testGroups } from "./test-groups.js";
import { workspaceRoot } from "./workspace-root.js";

const folder = path.join(workspaceRoot, "node_modules", ".cache", "coverage");

rmSync(folder, { recursive: true, force: true });
for (const [group, folders] of testGroups()) {
  console.log(`The tests of ${folders.join(", ")}`);
  const report = path.join(folder, `${group}.json`);
  const commandLine = ["--coverage", "--coverage.reporter=json", "--reporter=blob"];
  const code = await runVitest([...commandLine, `--outputFile=${report}`, ...folders], {
    platform: `coverage-${group}`,
  });
  if (code !== 0) process.exitCode = 1;
}
const merging = [`--merge-reports=${folder}`, "--coverage", "--reporter=dot"];
const code = await runVitest(merging, { platform: "coverage" });
if (code !== 0) process.exitCode = 1;
