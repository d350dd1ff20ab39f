// Which binary is Bun, and which is Deno: one that the environment names, or the one that was
// installed with the workspace. As for Node, there is a package for each operating system and
// processor; those that the runtimes call by their own names fetch their binary in an install
// script, which nothing here may do.
import { createRequire } from "node:module";
import path from "node:path";

/** Where the binary is in its package. */
const binaries = { bun: "bin/bun", deno: "deno" };

/** @typedef {keyof typeof binaries} RuntimeName */

/**
 * @param {RuntimeName} name
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} platform the operating system and processor, such as "linux-x64"
 * @returns {{ binary: string } | { missing: string }} the file, or why there is none
 */
export function findRuntime(
  name,
  environment = process.env,
  platform = `${process.platform}-${process.arch}`,
) {
  const variable = `TRESTLE_${name.toUpperCase()}`;
  const named = environment[variable];
  if (named !== undefined && named !== "") return { binary: path.resolve(named) };
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}-${platform}/package.json`);
    return { binary: path.join(path.dirname(manifest), binaries[name]) };
  } catch {
    return {
      missing: `no package has it for ${platform}, or its download failed; ${variable}=FILE names another`,
    };
  }
}
