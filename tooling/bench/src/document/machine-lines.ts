import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  arch,
  availableParallelism,
  cpus,
  loadavg,
  release,
  totalmem,
  type as system,
} from "node:os";
import path from "node:path";

const GIB = 2 ** 30;

/** What the machine is, how busy it was, and which versions ran: a line for each. */
export function machineLines(): string[] {
  const [load = 0] = loadavg();
  // Beyond its first two numbers the release is the builder's.
  const kernel = release().split(".", 2).join(".");
  const packages = comparedPackages().map(([name, version]) => `${name} ${version}`);
  return [
    `${availableParallelism()} x ${cpus()[0]?.model ?? arch()}, ${Math.round(totalmem() / GIB)} GiB, ${system()} ${kernel}; load average ${load.toFixed(1)}`,
    `Node ${process.version}, V8 ${process.versions.v8}`,
    `beside ${packages.join(", ")}`,
    new Date().toISOString().slice(0, 10),
  ];
}

/** What the bench compares with, in the versions that are installed. */
function comparedPackages(): [string, string][] {
  const manifest = readFileSync(path.resolve(import.meta.dirname, "..", "package.json"), "utf8");
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
  return Object.entries(devDependencies).filter(([name]) => isThere(name));
}

function isThere(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch (error) {
    // A package for ESM only has no entry for `require`, and is there.
    return (error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  }
}
