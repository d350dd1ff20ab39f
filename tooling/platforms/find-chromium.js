// Which binary is Chromium: one that the environment names, or the one that is installed with the
// workspace, as an archive that is unpacked at its first use. That one is built for machines which
// have no browser and none of its libraries, and brings both.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { workspaceRoot } from "./workspace-root.js";

/**
 * @typedef {object} Chromium
 * @property {string} binary
 * @property {Record<string, string>} environment what it must find in its environment besides ours
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} platform the operating system and processor, such as "linux-x64"
 * @param {string} cache the folder to unpack into
 * @returns {Chromium | { missing: string }} the browser, or why there is none
 */
export function findChromium(
  environment = process.env,
  platform = `${process.platform}-${process.arch}`,
  cache = path.join(workspaceRoot, "node_modules", ".cache"),
) {
  const named = environment["TRESTLE_CHROMIUM"];
  if (named !== undefined && named !== "") {
    return { binary: path.resolve(named), environment: {} };
  }
  if (platform !== "linux-x64") {
    return {
      missing: `the one that is installed is for linux-x64, not for ${platform}; TRESTLE_CHROMIUM=FILE names another`,
    };
  }
  const folder = unpacked(cache);
  const libraries = [path.join(folder, "lib"), environment["LD_LIBRARY_PATH"] ?? ""];
  return {
    binary: path.join(folder, "chromium"),
    environment: {
      LD_LIBRARY_PATH: libraries.filter((name) => name !== "").join(path.delimiter),
    },
  };
}

/**
 * @param {string} cache
 * @returns {string} the folder that everything is in
 */
function unpacked(cache) {
  // The archives stand beside the package's code, which unpacks them for one cloud's machines only.
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const root = path.resolve(path.dirname(entry), "..", "..");
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const folder = path.join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // It gets its name when it is whole, so that nobody finds half of it.
  const half = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(path.join(half, "chromium"), decompressed(root, "chromium.br"), { mode: 0o755 });
    const libraries = decompressed(root, "al2023.tar.br");
    execFileSync("tar", ["-xf", "-", "-C", half], { input: libraries });
    try {
      renameSync(half, folder);
    } catch (error) {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {string} root
 * @param {string} archive
 */
function decompressed(root, archive) {
  return brotliDecompressSync(readFileSync(path.join(root, "bin", archive)));
}
