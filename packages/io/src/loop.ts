export { FdStream, type ReadLineOptions } from "./loop/fd-stream.js";
export { ioLayer } from "./loop/io-layer.js";
export { openPipe, type PipeReader, type PipeWriter } from "./loop/open-pipe.js";
export {
  createSubprocessExec,
  createSubprocessShell,
  type CreateSubprocessOptions,
} from "./loop/create-subprocess.js";
export { Process } from "./loop/process.js";
export { runProcess, type RunProcessOptions } from "./loop/run-process.js";
