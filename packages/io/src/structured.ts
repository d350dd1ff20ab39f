export { FdStream } from "./structured/fd-stream.js";
export { openPipe, type PipeReceiveStream, type PipeSendStream } from "./structured/open-pipe.js";
export { waitReadable, waitWritable } from "./structured/wait-readable.js";
