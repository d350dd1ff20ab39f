// A server to read from, for those who have none: it says a sentence word by word, and then nothing more, not even that it ends.
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { abortable, using, type Operation } from "@trestle/structured";

const SENTENCE = "Whoever waits without a deadline waits for ever and";

/** Runs a body while the server listens on this machine. `say` is told when a reader goes. */
export function demoServer<T>(
  say: (what: string) => void,
  body: (url: string) => Operation<T>,
): Operation<T> {
  const server = createServer((_request, response) => {
    response.once("close", () => say("The server's reader has gone."));
    void speak(response);
  });
  return using(closable(server), function* (): Operation<T> {
    server.listen(0, "127.0.0.1");
    yield* abortable((signal) => once(server, "listening", { signal }));
    return yield* body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
}

async function speak(response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const word of SENTENCE.split(" ")) {
    response.write(`data: ${word}\n\n`);
    await pause(50);
  }
}

function closable(server: Server): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
