// Submits jobs, says so when Redis has them, and waits until it is killed: caller.ts REDIS QUEUE FILE.
import { moduleRef } from "@trestle/executor";
import { Queue } from "bullmq";
import { BullExecutor } from "../../src/index.js";

const [connection = "", queue = "", file = ""] = process.argv.slice(2);
const work = moduleRef<typeof import("../work-for-tests.js")>(
  new URL("../work-for-tests.ts", import.meta.url),
);
const lines = ["one", "two", "three"];
const executor = new BullExecutor({ queue, connection, modules: { work } });
const jobs = lines.map((line) =>
  executor.submit(work.mark, [file, line], { jobId: `caller-${line}` }),
);
const bull = new Queue(queue, { connection: { url: connection } });
while ((await bull.getWaitingCount()) < lines.length);
process.stdout.write("accepted\n");
await Promise.all(jobs);
