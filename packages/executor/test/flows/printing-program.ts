// Prints by turns with the work that it waits for. Its argument is the URL of work.ts, built.
import { moduleRef } from "../../src/module-ref.js";
import { runUntilComplete } from "../../src/run-until-complete.js";

const work = moduleRef<typeof import("../work.js")>(process.argv[2] ?? "");
process.stdout.write("before\n");
runUntilComplete(work.print, ["from the work"]);
process.stdout.write("after\n");
runUntilComplete(work.print, ["last words"]);
process.exit();
