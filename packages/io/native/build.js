// Builds the native part from the sources beside it, into `prebuilds/PLATFORM-ARCH`. It does nothing where what is there was
// made of these very sources; `--force` builds all the same.
//
// The binary carries a hash of all that it is made of. It is linked with no library at all: what it calls is in every program
// that can load it, so one file serves glibc and musl.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const folder = import.meta.dirname;
const packageFolder = path.dirname(folder);

/** What compiles for a platform and a kind of processor. */
const compilers = {
  "linux-x64": process.arch === "x64" ? "cc" : "x86_64-linux-gnu-gcc",
  "linux-arm64": process.arch === "arm64" ? "cc" : "aarch64-linux-gnu-gcc",
  "darwin-x64": "cc",
  "darwin-arm64": "cc",
};

const portable = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"];
const flags = {
  linux: ["-nostdlib", "-fno-stack-protector", "-s", "-Wl,--build-id=none", "-Wl,-z,relro,-z,now"],
  darwin: ["-undefined", "dynamic_lookup"],
};

/** @param {string} target "linux-x64" */
export function fileOf(target) {
  return path.join(packageFolder, "prebuilds", target, "readiness.node");
}

/** The hash of what a binary for a target is made of: the sources, and how they are compiled. */
export function sourceHash() {
  const hash = createHash("sha256");
  for (const name of sources(/\.[ch]$/u))
    hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash
    .update(JSON.stringify([portable, flags]))
    .digest("hex")
    .slice(0, 32);
}

/** @param {RegExp} ending */
function sources(ending) {
  return readdirSync(folder)
    .filter((name) => ending.test(name))
    .sort();
}

/** Where the headers of Node-API are: in the package that has them, or with the Node that runs. */
function findHeaders() {
  try {
    return createRequire(import.meta.url)("node-api-headers").include_dir;
  } catch {
    const beside = path.join(path.dirname(process.execPath), "../include/node");
    return existsSync(path.join(beside, "node_api.h")) ? beside : undefined;
  }
}

/** Whether a binary was made of these sources. @param {string} file */
export function isFresh(file) {
  return existsSync(file) && readFileSync(file).includes(sourceHash());
}

/**
 * Compiles for a target.
 *
 * @param {string} target "linux-x64"
 * @param {string} file what it becomes
 * @returns {string | undefined} why it could not be done
 */
export function build(target, file) {
  const compiler = process.env["CC"] ?? compilers[/** @type {keyof typeof compilers} */ (target)];
  if (compiler === undefined) return `there is nothing to watch descriptors by on ${target}`;
  const headers = findHeaders();
  if (headers === undefined) return "the headers of Node-API are not here";
  mkdirSync(path.dirname(file), { recursive: true });
  // Another process may have the present one open.
  const fresh = `${file}.${process.pid}`;
  const own = flags[/** @type {keyof typeof flags} */ (target.split("-")[0])];
  const options = [...portable, ...own, `-DSOURCE_HASH="${sourceHash()}"`, `-I${headers}`];
  const { error, status, stderr } = spawnSync(
    compiler,
    [...options, "-o", fresh, ...sources(/\.c$/u)],
    { cwd: folder, encoding: "utf8" },
  );
  if (error !== undefined) return `${compiler} does not run: ${error.message}`;
  if (status !== 0) return `${compiler} failed:\n${stderr}`;
  renameSync(fresh, file);
  return undefined;
}

function main() {
  const { values } = parseArgs({
    options: {
      force: { type: "boolean", default: false },
      target: { type: "string", default: `${process.platform}-${process.arch}` },
    },
  });
  const file = fileOf(values.target);
  if (!values.force && isFresh(file)) return;
  const failure = build(values.target, file);
  if (failure === undefined) return;
  process.stderr.write(
    `Cannot build the native part of @trestle/io for ${values.target}: ${failure}\n` +
      "Descriptors can be waited for only for reading, by the fallback in JavaScript. Install a C compiler, such as gcc or clang.\n",
  );
  if (process.env["REQUIRE_NATIVE"] === "1") process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) main();
