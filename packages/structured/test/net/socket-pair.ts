import { run, type Operation } from "../../src/index.js";
import {
  openTcpListeners,
  openTcpStream,
  type SocketListener,
  type SocketStream,
} from "../../src/net.js";
import { acloseForcefully } from "../../src/streams.js";

/** Opens a listener at a free port of 127.0.0.1. */
export function* openListener(): Operation<SocketListener & { readonly port: number }> {
  const [listener] = yield* openTcpListeners(0, { host: "127.0.0.1" });
  return listener as SocketListener & { readonly port: number };
}

/** Makes two streams that are the ends of one TCP connection. */
export function* socketPair(): Operation<readonly [client: SocketStream, server: SocketStream]> {
  const listener = yield* openListener();
  const client = yield* openTcpStream("127.0.0.1", listener.port);
  const server = yield* listener.accept();
  yield* listener.aclose();
  return [client, server];
}

/** Runs a body on the platform with the two ends of a TCP connection, which are closed afterwards. */
export async function withSocketPair<T>(
  body: (client: SocketStream, server: SocketStream) => Operation<T>,
): Promise<T> {
  return await run(function* () {
    const [client, server] = yield* socketPair();
    try {
      return yield* body(client, server);
    } finally {
      yield* acloseForcefully(client);
      yield* acloseForcefully(server);
    }
  });
}
