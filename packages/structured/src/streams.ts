export { acloseForcefully } from "./streams/aclose-forcefully.js";
export { BufferedReceiveStream, type ReadUntilOptions } from "./streams/buffered-receive-stream.js";
export { closing } from "./streams/closing.js";
export { eachChunk } from "./streams/each-chunk.js";
export { fromDuplex } from "./streams/from-duplex.js";
export { fromReadableItems } from "./streams/from-readable-items.js";
export { fromReadableStreamItems } from "./streams/from-readable-stream-items.js";
export { fromReadableStream } from "./streams/from-readable-stream.js";
export { fromReadable } from "./streams/from-readable.js";
export { fromWritableStream } from "./streams/from-writable-stream.js";
export { fromWritable } from "./streams/from-writable.js";
export type { ItemStream } from "./streams/item-stream.js";
export type { NodeDuplex, NodeReadable, NodeStream, NodeWritable } from "./streams/node-stream.js";
export { DelimiterNotFoundError, IncompleteReadError } from "./streams/read-errors.js";
export { StapledStream } from "./streams/stapled-stream.js";
export type {
  AsyncResource,
  HalfCloseableStream,
  Listener,
  ReceiveStream,
  SendStream,
  Stream,
} from "./streams/stream.js";
