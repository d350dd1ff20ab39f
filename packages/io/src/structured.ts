export { FdStream } from "./structured/fd-stream.js";
export { AsyncFile } from "./structured/files/async-file.js";
export { openFile, type OpenFileOptions } from "./structured/files/open-file.js";
export { Path, type MkdirOptions, type PathPart } from "./structured/files/path.js";
export { openPipe, type PipeReceiveStream, type PipeSendStream } from "./structured/open-pipe.js";
export { waitReadable, waitWritable } from "./structured/wait-readable.js";
