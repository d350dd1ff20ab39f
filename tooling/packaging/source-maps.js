// Follows every source map of the built packages to the sources that are published with it. Silent
// where all is well.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { entries } from "./entries.js";

for (const folder of new Set(entries().map((entry) => entry.folder))) {
  const built = path.join(folder, "dist");
  const files = readdirSync(built);
  for (const name of files.filter((file) => /\.c?js$/u.test(file))) {
    if (!files.includes(`${name}.map`)) fail(folder, `${name} has no source map`);
  }
  for (const name of files.filter((file) => file.endsWith(".map"))) {
    /** @type {{ sources: string[] }} */
    const { sources } = JSON.parse(readFileSync(path.join(built, name), "utf8"));
    for (const source of sources) {
      const inside = source.startsWith("../src/") && existsSync(path.join(built, source));
      if (!inside) fail(folder, `${name} leads to ${source}, which is not in the package's src`);
    }
  }
}

/**
 * @param {string} folder
 * @param {string} problem
 */
function fail(folder, problem) {
  console.error(`packages/${path.basename(folder)}/dist: ${problem}. See tsup.config.ts.`);
  process.exitCode = 1;
}
