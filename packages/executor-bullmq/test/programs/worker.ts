// Serves a queue until it is killed: worker.ts REDIS QUEUE.
import { moduleRef } from "@trestle/executor";
import { BullWorker } from "../../src/index.js";

const [connection = "", queue = ""] = process.argv.slice(2);
const work = moduleRef<typeof import("../work-for-tests.js")>(
  new URL("../work-for-tests.ts", import.meta.url),
);
const worker = new BullWorker({
  queue,
  connection,
  modules: { work },
  lockMs: 500,
  stalledCheckMs: 200,
});
await worker.ready();
process.stdout.write("ready\n");
