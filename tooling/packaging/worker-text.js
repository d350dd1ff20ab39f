// Bundles the bootstrap of the executor's threads into the text that is committed beside it:
// `pnpm worker-text` checks that it is what the sources say, `pnpm worker-text --update` writes it
// anew. Silent where all is well.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const workspace = path.resolve(import.meta.dirname, "..", "..");
const folder = path.join(workspace, "packages", "executor", "src");
const file = path.join(folder, "worker-text.ts");

const text = await bundle();
if (process.argv.includes("--update")) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  console.error(`${path.relative(workspace, file)} is not what its sources say.
    Instead: run \`pnpm worker-text --update\`.`);
  process.exitCode = 1;
}

/** @returns {Promise<string>} */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, "worker", "bootstrap.ts")],
    bundle: true,
    write: false,
    // The platform runs such a text as a script.
    format: "cjs",
    platform: "node",
    target: "node20",
    conditions: ["@trestle/source"],
    // Names stay as they are, for stacks.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    charset: "utf8",
  });
  const script = outputFiles[0]?.text.trim() ?? "";
  return `// Made of worker/bootstrap.ts by \`pnpm worker-text --update\`.

/** What a thread runs first, as one script. */
export const workerText =
  ${JSON.stringify(script)};
`;
}
