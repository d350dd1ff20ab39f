import type { Operation, StructuredFunction } from "../operation.js";
import { openTcpListeners, type OpenTcpListenersOptions } from "./open-tcp-listeners.js";
import { requireServing, serveListeners, type ServeOptions } from "./serve-listeners.js";
import type { SocketListener } from "./socket-listener.js";
import type { SocketStream } from "./socket-stream.js";

/** How a TCP server listens and serves. */
export type ServeTcpOptions = OpenTcpListenersOptions & ServeOptions<SocketStream, SocketListener>;

/**
 * Serves TCP connections: each in a task of its own, by the handler. It is `openTcpListeners`, and then `serveListeners`.
 *
 * Waits until it is cancelled, or until `stop` is requested and the handlers have ended. An error of a handler does not end
 * the server unless `onHandlerError` says so. Source: Trio's `serve_tcp`. Flavor: structured.
 *
 * @param handler gets the stream, which is closed by force when it has ended
 * @param port from 1 to 65535, or 0 for any that is free
 * @throws ListenError; what `serveListeners` throws; ArgumentError, at the call
 * @example
 * ```ts no-run
 * import { openNursery, run } from "@trestle/structured";
 * import { openTcpStream, serveTcp, type SocketListener } from "@trestle/structured/net";
 * import { eachChunk } from "@trestle/structured/streams";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const [listener] = yield* nursery.start<readonly SocketListener[], []>((status) =>
 *       serveTcp((stream) => eachChunk(stream, (chunk) => stream.sendAll(chunk)), 0, {
 *         host: "127.0.0.1",
 *         status,
 *       }),
 *     );
 *     const stream = yield* openTcpStream("127.0.0.1", listener?.port ?? 0);
 *     yield* stream.aclose();
 *     nursery.cancelScope.cancel();
 *   }),
 * );
 * ```
 */
export function serveTcp(
  handler: StructuredFunction<[stream: SocketStream], unknown>,
  port: number,
  options: ServeTcpOptions = {},
): Operation<void> {
  requireServing(handler, options);
  return serve(handler, openTcpListeners(port, options), options);
}

function* serve(
  handler: StructuredFunction<[stream: SocketStream], unknown>,
  opening: Operation<SocketListener[]>,
  options: ServeTcpOptions,
): Operation<void> {
  yield* serveListeners(handler, yield* opening, options);
}
