export { FdStream, type ReadLineOptions } from "./loop/fd-stream.js";
export { ioLayer } from "./loop/io-layer.js";
export { openPipe, type PipeReader, type PipeWriter } from "./loop/open-pipe.js";
