import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder of its own for a test, which goes with it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trestle-io-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
