// Builds what is stale of one program of this workspace, then becomes that program: `node
// tooling/run.js FOLDER ARGS...` runs FOLDER/dist/main.js in this very process, so that Ctrl-C and
// the exit code are the program's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...programArguments] = process.argv.slice(2);
if (folder === undefined) {
  console.error(
    "Cannot run a program: no folder was named. Call `node tooling/run.js FOLDER ARGS...`.",
  );
  process.exit(2);
}

const workspace = path.resolve(import.meta.dirname, "..");
await build(folder);

const program = path.join(workspace, folder, "dist", "main.js");
process.argv = [process.execPath, program, ...programArguments];
await import(pathToFileURL(program).href);

/**
 * Builds the program and what it depends on, silently where that is quick.
 *
 * @param {string} folderToBuild
 */
async function build(folderToBuild) {
  const [command, ...first] = turbo();
  const child = spawn(
    command,
    [...first, "run", "build", `--filter=./${folderToBuild}`, "--output-logs=errors-only"],
    {
      cwd: workspace,
      env: { TURBO_TELEMETRY_DISABLED: "1", ...process.env },
      stdio: ["ignore", "pipe", "pipe"],
      // npx is no program on Windows, but a script.
      shell: command === "npx" && process.platform === "win32",
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => (output += chunk));
  }
  const notice = setTimeout(() => console.error("Building what has changed..."), 1000);
  const [code] = await once(child, "close");
  clearTimeout(notice);
  if (code === 0) return;
  console.error(output);
  console.error(`Cannot run ${folderToBuild}: its build failed, see above.`);
  process.exit(2);
}

/**
 * How turbo is called. It wants pnpm on the path, where only pnpm itself has surely put it.
 *
 * @returns {[command: string, ...words: string[]]}
 */
function turbo() {
  const require = createRequire(import.meta.url);
  if (process.env["npm_config_user_agent"]?.startsWith("pnpm/")) {
    return [process.execPath, require.resolve("turbo/bin/turbo")];
  }
  const { packageManager } = require("../package.json");
  return ["npx", "-y", packageManager, "exec", "turbo"];
}
