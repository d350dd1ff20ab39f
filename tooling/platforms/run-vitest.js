import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { workspaceRoot } from "./workspace-root.js";

/**
 * Runs vitest in a process of its own, in the workspace's folder; gives its exit code.
 *
 * @param {string[]} commandLine what stands behind `vitest run`
 * @param {object} options
 * @param {string} options.platform what its report is named after: `.ci/run` adds up all reports
 * @param {string} [options.node] the Node to run it on
 * @param {Record<string, string>} [options.environment] what it finds in its environment besides
 *   ours
 * @returns {Promise<number>}
 */
export async function runVitest(
  commandLine,
  { platform, node = process.execPath, environment = {} },
) {
  const manifest = createRequire(import.meta.url).resolve("vitest/package.json");
  const vitest = path.join(path.dirname(manifest), "vitest.mjs");
  const child = spawn(node, [vitest, "run", ...commandLine], {
    cwd: workspaceRoot,
    env: { ...process.env, ...environment, TRESTLE_REPORT: `report-${platform}` },
    stdio: "inherit",
  });
  // A terminal tells both of us, anybody else only this process.
  const wait = () => {};
  const passOn = () => void child.kill("SIGTERM");
  process.on("SIGINT", wait).on("SIGTERM", passOn);
  const [code] = await once(child, "close");
  process.off("SIGINT", wait).off("SIGTERM", passOn);
  return code ?? 1;
}
