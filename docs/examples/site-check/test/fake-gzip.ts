// A program of a test's own in the place of gzip.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Writes a script by the name of gzip, and gives the PATH with which it is found until the test has ended. */
export async function pathWithGzip(script: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "gzip-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, "gzip"), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, "gzip"), 0o755);
  return `${folder}:${process.env["PATH"]}`;
}
