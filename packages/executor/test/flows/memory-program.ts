// Blocks for work that runs out of memory, and then for more work. Its argument is the URL of work.ts, built.
import { moduleRef } from "../../src/module-ref.js";
import { runUntilComplete } from "../../src/run-until-complete.js";
import { WorkerExitError } from "../../src/worker-exit-error.js";

const work = moduleRef<typeof import("../work.js")>(process.argv[2] ?? "");
try {
  runUntilComplete(work.exhaust, []);
} catch (error) {
  if (!(error instanceof WorkerExitError)) throw error;
  process.stdout.write(`${error.reason}\n`);
}
process.stdout.write(`${runUntilComplete(work.add, [1, 2])}\n`);
