export { runInThread, type RunInThreadOptions } from "./loop/run-in-thread.js";
export { threads } from "./loop/thread-layer.js";
