// Node's HTTP server as a structured function: its events start tasks in a nursery. Cancelled, it ends the tasks, the connections
// and the port.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  CancelScope,
  openNursery,
  sleepForever,
  waitEvent,
  type Nursery,
  type Operation,
} from "@trestle/structured";

/** What a server does, each in a task of its own. Their errors end the server. */
export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): Operation<void>;
  connect(request: IncomingMessage, socket: Duplex, head: Uint8Array): Operation<void>;
}

/** Serves until it is cancelled. `listening` is called when connections can come in. */
export function* serve(
  server: Server,
  at: { readonly host: string; readonly port: number },
  handlers: Handlers,
  listening: () => void,
): Operation<void> {
  server.listen(at.port, at.host);
  yield* waitEvent(server, "listening");
  try {
    yield* openNursery(function* (nursery): Operation<void> {
      startTasks(server, nursery, handlers);
      listening();
      yield* sleepForever();
    });
  } finally {
    // Closing waits for the connections, so they are broken off. The scope is shielded: we are being cancelled, and nothing else
    // in here could wait.
    yield* new CancelScope({ shield: true }).run(function* (): Operation<void> {
      server.close();
      server.closeAllConnections();
      yield* waitEvent(server, "close");
    });
  }
}

function startTasks(server: Server, nursery: Nursery, handlers: Handlers): void {
  server.on("request", (request, response) => {
    // A request that came in with the cancellation finds the nursery closed. Its connection will be broken off.
    if (!nursery.isClosed) nursery.startSoon(() => handlers.request(request, response));
  });
  server.on("connect", (request, socket, head) => {
    if (nursery.isClosed) socket.destroy();
    else nursery.startSoon(() => handlers.connect(request, socket, head));
  });
}
