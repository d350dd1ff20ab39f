export type { BufferOptions } from "./streams/buffer-options.js";
export { connectWritePipe, type ConnectWritePipeOptions } from "./streams/connect-write-pipe.js";
export type { ExtraInfo } from "./streams/extra-info.js";
export {
  openConnection,
  openUnixConnection,
  type OpenConnectionOptions,
  type OpenUnixConnectionOptions,
} from "./streams/open-connection.js";
export type { ConnectionHandler } from "./streams/serve-connection.js";
export type { Server } from "./streams/server.js";
export type { SocketName } from "./streams/socket-name.js";
export { startServer, startUnixServer, type StartServerOptions } from "./streams/start-server.js";
export type { StartTlsOptions } from "./streams/start-tls.js";
export {
  ConnectionLostError,
  IncompleteReadError,
  LimitOverrunError,
} from "./streams/stream-errors.js";
export { StreamReader, type StreamReaderOptions } from "./streams/stream-reader.js";
export type { StreamWriter } from "./streams/stream-writer.js";
