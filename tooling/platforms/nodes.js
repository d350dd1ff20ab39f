// The command `pnpm test:nodes [MAJOR...]`: the packages' tests and the conformance vectors, on one Node after the other.
import path from "node:path";
import { askVersion } from "./ask-version.js";
import { findNode, majors } from "./find-node.js";
import { runVitest } from "./run-vitest.js";
import { testGroups } from "./test-groups.js";

/** @type {[string, string[]]} */
const vectors = ["conformance", ["tooling/conformance"]];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((major) => !majors.includes(major));
if (unknown.length > 0) {
  console.error(
    `Cannot test on Node ${unknown.join(", ")}: there is ${majors.join(", ")} to choose from.`,
  );
  process.exit(2);
}
for (const major of wanted.length === 0 ? majors : wanted) {
  const found = findNode(major);
  if ("missing" in found) {
    console.log(`Node ${major}: SKIPPED, for ${found.missing}.\n`);
    continue;
  }
  const answer = askVersion(found.binary);
  if ("unable" in answer) {
    console.log(`Node ${major}: SKIPPED, for it does not run on this machine: ${answer.unable}.\n`);
    continue;
  }
  if (!answer.version.startsWith(`v${major}.`)) {
    console.error(`Cannot test on Node ${major}: ${found.binary} is ${answer.version}.`);
    process.exit(2);
  }
  console.log(`Node ${answer.version.slice(1)}: the packages' tests and the vectors`);
  for (const [group, folders] of [...testGroups(), vectors]) {
    const code = await runVitest(folders, {
      platform: `node-${major}-${group}`,
      node: found.binary,
      // Programs that tests start by the name `node` run on the same one.
      environment: {
        PATH: `${path.dirname(found.binary)}${path.delimiter}${process.env["PATH"] ?? ""}`,
      },
    });
    if (code !== 0) process.exitCode = 1;
  }
}
