// The packages as users get them: built where that is stale, and packed into tarballs.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const workspace = path.resolve(import.meta.dirname, "..", "..");
const only = "./packages/*";

/**
 * Builds and packs all packages.
 *
 * @param {string} destination an existing folder
 * @returns {Map<string, string>} the tarballs, by the names of their packages
 */
export function pack(destination) {
  const turbo = createRequire(import.meta.url).resolve("turbo/bin/turbo");
  const build = [turbo, "run", "build", `--filter=${only}`, "--output-logs=errors-only"];
  pnpm(["exec", process.execPath, ...build]);
  pnpm(["-r", "--filter", only, "pack", "--pack-destination", destination]);
  const tarballs = readdirSync(destination).map((file) => path.join(destination, file));
  return new Map(tarballs.map((tarball) => [nameOf(tarball), tarball]));
}

/**
 * The manifest of a tarball, with the ranges that its users see.
 *
 * @param {string} tarball
 * @returns {{ name: string, version: string, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }}
 */
export function manifestIn(tarball) {
  return JSON.parse(
    execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }),
  );
}

/** @param {string} tarball */
function nameOf(tarball) {
  return manifestIn(tarball).name;
}

/**
 * @param {string[]} commandLine
 */
function pnpm(commandLine) {
  const { packageManager } = JSON.parse(readFileSync(path.join(workspace, "package.json"), "utf8"));
  try {
    execFileSync("npx", ["-y", "--prefer-offline", packageManager, ...commandLine], {
      cwd: workspace,
      encoding: "utf8",
      stdio: "pipe",
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
    });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(
      `Cannot pack the packages: pnpm ${commandLine[0]} failed.\n${stdout}${stderr}`,
      {
        cause: error,
      },
    );
  }
}
