// An HTTP server as a structured function. Node's server calls back whenever it likes; here each request becomes a task of
// a nursery, so leaving the block ends all that the server began: the handlers that are at work, also those that would never
// end, the connections, the port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CancelScope,
  fromPromise,
  isCancelled,
  openNursery,
  type Operation,
} from "@trestle/structured";

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Operation<void>;

/**
 * Serves on a free port of this machine, for this machine only, while `body` runs.
 *
 * @param body gets the server's origin, such as `http://127.0.0.1:34567`
 */
export function* serve<T>(handler: Handler, body: (origin: string) => Operation<T>): Operation<T> {
  return yield* openNursery(function* (nursery): Operation<T> {
    // A nursery lets children in also from a plain callback: this is where the events of Node become tasks.
    const server = createServer((request, response) => {
      nursery.startSoon(answer, handler, request, response);
    });
    try {
      const origin = yield* fromPromise(listening(server));
      return yield* body(origin);
    } finally {
      // The port first, so that no request finds a nursery that has closed. Closing waits, and if we are being cancelled
      // nothing here can wait any more: so it is shielded. What is shielded must end by itself, and soon.
      yield* new CancelScope({ shield: true }).run(() => fromPromise(closed(server)));
      nursery.cancelScope.cancel("the server has closed");
    }
  });
}

function* answer(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Operation<void> {
  // Each request has a scope of its own: when the client has gone, nobody needs the answer any more.
  const scope = new CancelScope({ name: `${request.method} ${request.url}` });
  response.once("close", () => scope.cancel("the client has gone"));
  yield* scope.run(function* (): Operation<void> {
    try {
      yield* handler(request, response);
    } catch (error) {
      if (isCancelled(error)) throw error;
      // A handler's failure is the failure of one request, not of the server: it ends here.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end(`${String(error)}\n`);
    }
  });
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
