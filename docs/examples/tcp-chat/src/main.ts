// Serves until Ctrl-C. Then the main task is cancelled, and with it each connection; the port is closed as well.
import { main, type Operation } from "@trestle/structured";
import { ListenError, openTcpListeners, serveListeners } from "@trestle/structured/net";
import { chat } from "./chat.js";
import { Room } from "./room.js";
import { readSettings } from "./settings.js";

void main(function* (): Operation<number | void> {
  const { host, port, silence } = readSettings(process.argv.slice(2));
  const limits = { silence, send: 10_000, backlog: 100, length: 2000 };
  const room = new Room();
  try {
    const listeners = yield* openTcpListeners(port, { host });
    console.log(`Listening at ${host}:${listeners[0]?.port}`);
    yield* serveListeners((stream) => chat(stream, room, limits), listeners);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    console.error(error.message);
    return 1;
  }
});
