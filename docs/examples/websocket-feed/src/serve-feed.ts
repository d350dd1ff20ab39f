// The server: a task for each client, which sends a price now and then, and looks whether the client is still there.
//
//   nursery                 a task for each connection
//   └─ conversation         closes the socket in the end
//      └─ nursery
//         ├─ sendPrices
//         ├─ keepAlive      asks for a sign of life, with a deadline
//         └─ body           until the client closes
import type { AddressInfo } from "node:net";
import {
  CancelScope,
  failAfter,
  openNursery,
  sleep,
  sleepForever,
  waitEvent,
  type Operation,
} from "@trestle/structured";
import { WebSocket, WebSocketServer } from "ws";
import { endingOf } from "./ending.js";
import { conversation, send } from "./socket.js";

/** Where the server listens, and how often things happen, in milliseconds. */
export interface FeedSettings {
  readonly host: string;
  readonly port: number;
  /** How often a price is sent. */
  readonly price: number;
  /** How often a sign of life is asked for, and how long that may take. */
  readonly life: number;
}

/** Serves until it is cancelled. `listening` is called with the port when clients can come in. */
export function* serveFeed(
  settings: FeedSettings,
  listening: (port: number) => void,
  say: (what: string) => void,
): Operation<void> {
  const { host, port } = settings;
  const server = new WebSocketServer({ host, port });
  yield* waitEvent(server, "listening");
  try {
    yield* openNursery(function* (nursery): Operation<void> {
      let count = 0;
      server.on("connection", (socket) => {
        // One that came in with the cancellation finds the nursery closed.
        if (nursery.isClosed) socket.terminate();
        else nursery.startSoon(serveClient, `client ${++count}`, socket, settings, say);
      });
      listening((server.address() as AddressInfo).port);
      yield* sleepForever();
    });
  } finally {
    yield* new CancelScope({ shield: true }).run(function* (): Operation<void> {
      server.close();
      yield* waitEvent(server, "close");
    });
  }
}

function* serveClient(
  name: string,
  socket: WebSocket,
  { price, life }: FeedSettings,
  say: (what: string) => void,
): Operation<void> {
  say(`${name} comes`);
  const how = yield* endingOf(() =>
    conversation(socket, (messages) =>
      openNursery(function* (nursery): Operation<void> {
        nursery.startSoon(sendPrices, socket, price);
        nursery.startSoon(keepAlive, socket, life);
        yield* messages.each(function* () {});
        nursery.cancelScope.cancel("the client closes");
      }),
    ),
  );
  say(`${name} ${how}`);
}

function* sendPrices(socket: WebSocket, every: number): Operation<void> {
  let price = 100;
  // While it closes, the conversation is about to end.
  while (socket.readyState === WebSocket.OPEN) {
    yield* send(socket, JSON.stringify({ price }));
    price += Math.round(Math.random() * 4 - 2);
    yield* sleep(every);
  }
}

function* keepAlive(socket: WebSocket, every: number): Operation<never> {
  for (;;) {
    yield* sleep(every);
    socket.ping();
    yield* failAfter(every, () => waitEvent(socket, "pong"));
  }
}
