// Which binary is Node of some version: one that the environment names, or one that was installed
// with the workspace. They come in a package for each operating system and processor, and only the
// one for this machine is installed.
import { createRequire } from "node:module";
import path from "node:path";

/** The versions that the packages are tested on, besides the one that runs all of this. */
export const majors = ["22", "24", "26"];

/**
 * @param {string} major such as "24"
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} platform the operating system and processor, such as "linux-x64"
 * @returns {{ binary: string } | { missing: string }} the file, or why there is none
 */
export function findNode(
  major,
  environment = process.env,
  platform = `${process.platform}-${process.arch}`,
) {
  const variable = `TRESTLE_NODE_${major}`;
  const named = environment[variable];
  if (named !== undefined && named !== "") return { binary: path.resolve(named) };
  const name = `node${major}-${platform}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return { binary: path.join(path.dirname(manifest), "bin", "node") };
  } catch {
    return {
      missing: `no package has it for ${platform}, or its download failed; ${variable}=FILE names another`,
    };
  }
}
