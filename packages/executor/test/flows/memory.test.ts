// In a process of its own, whose threads have little memory: so much is filled soon.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { build, work } from "../built-work.js";

test("whoever stands still hears that the work has run out of memory, and has a thread for the next call", () => {
  const program = fileURLToPath(build("flows/memory-program"));
  const output = execFileSync(
    process.execPath,
    ["--max-old-space-size=32", program, work.add.module],
    { encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "ignore"] },
  );
  expect(output).toBe("ERR_WORKER_OUT_OF_MEMORY\n3\n");
}, 90_000);
