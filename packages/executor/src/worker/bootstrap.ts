// What a thread runs first. It is bundled into one text, which is in `worker-text.ts`: so there is no file that a bundler could
// leave behind.
import { workerData } from "node:worker_threads";
import type { ThreadData } from "../protocol.js";
import { writeDirectly } from "./direct-output.js";
import { supervise, type SupervisorData } from "./supervise.js";
import { ThreadSide } from "./thread-side.js";

const data = workerData as ThreadData | SupervisorData;
if ("inner" in data) {
  supervise(data);
} else {
  if (data.isDirect === true) writeDirectly();
  void new ThreadSide(data).start();
}
