// Which program is a Redis server: one that the environment names, one on the path, or Debian's,
// which is installed where that can be done.
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/**
 * @typedef {object} RedisProgram
 * @property {string} binary
 */

/** Debian's package of tools has the server too, under this name, and starts no service. */
const debian = "/usr/bin/redis-check-rdb";

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {(program: string, commandLine: string[]) => void} install runs a program of the system; throws where it fails
 * @returns {RedisProgram | { missing: string }} the program, or why there is none
 */
export function findRedis(environment = process.env, install = installQuietly) {
  const named = environment["TRESTLE_REDIS"];
  if (named !== undefined && named !== "") return { binary: path.resolve(named) };
  const found =
    ["redis-server", "valkey-server"]
      .map((name) => onPath(name, environment))
      .find((binary) => binary !== undefined) ?? (isExecutable(debian) ? debian : undefined);
  if (found !== undefined) return { binary: found };
  const missing = "no redis-server is on the path; TRESTLE_REDIS=FILE names one";
  if (process.getuid?.() !== 0 || onPath("apt-get", environment) === undefined) return { missing };
  try {
    install("apt-get", ["update"]);
    install("apt-get", ["install", "--yes", "--no-install-recommends", "redis-tools"]);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { missing: `${missing}, and Debian's could not be installed: ${why}` };
  }
  return isExecutable(debian) ? { binary: debian } : { missing };
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
function onPath(name, environment) {
  return (environment["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => isExecutable(file));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} program
 * @param {string[]} commandLine
 */
function installQuietly(program, commandLine) {
  execFileSync(program, commandLine, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 180_000,
  });
}
