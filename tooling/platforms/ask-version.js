import { execFileSync } from "node:child_process";

/**
 * What a binary says its version is, or why it does not run: it may be built for another system.
 *
 * @param {string} binary
 * @param {Record<string, string>} [environment] what it finds in its environment besides ours
 * @returns {{ version: string } | { unable: string }}
 */
export function askVersion(binary, environment = {}) {
  try {
    const version = execFileSync(binary, ["--version"], {
      encoding: "utf8",
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { version: version.trim() };
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { unable: message.trim().replaceAll(/\s*\n\s*/gu, "; ") };
  }
}
