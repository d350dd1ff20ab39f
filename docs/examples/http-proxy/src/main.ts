// Serves until Ctrl-C, with a line for each request.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { currentTime, main, type Operation } from "@trestle/structured";
import { forward } from "./forward.js";
import { serve, type Handlers } from "./serve.js";
import { readSettings } from "./settings.js";
import { tunnel } from "./tunnel.js";

void main(function* (): Operation<number | void> {
  const { host, port, limits } = readSettings(process.argv.slice(2));
  const server = createServer();
  const handlers: Handlers = {
    request: (request, response) => logged(request, forward(request, response, limits)),
    connect: (request, socket, head) => logged(request, tunnel(request, socket, head, limits)),
  };
  try {
    yield* serve(server, { host, port }, handlers, () => {
      console.log(`Listening at ${host}:${(server.address() as AddressInfo).port}`);
    });
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    console.error(`Cannot serve: ${error.message}`);
    return 1;
  }
});

function* logged({ method, url }: IncomingMessage, exchange: Operation<string>): Operation<void> {
  const start = currentTime();
  const how = yield* exchange;
  console.log(`${method} ${url}: ${how}, ${Math.round(currentTime() - start)} ms`);
}
