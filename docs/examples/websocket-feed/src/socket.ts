// A WebSocket as a resource: opened within a body, and closed by both sides when the body has ended. The sockets are those of ws,
// which emit events.
import {
  BrokenResourceError,
  CancelScope,
  failAfter,
  fromPromise,
  moveOnAfter,
  openEventChannel,
  waitEvent,
  type EventChannel,
  type Operation,
} from "@trestle/structured";
import { WebSocket } from "ws";

/** How long the other side may take to open, and to say that it closes, too, in milliseconds. */
const HELLO = 5000;
const GOODBYE = 1000;

/** What comes in, message by message; it ends when the other side closes. */
export type Messages = EventChannel<[data: Buffer, isBinary: boolean]>;

/**
 * Runs a body with what comes in over a socket, which is closed afterwards: by agreement, or by force where the other side does not
 * agree in time.
 *
 * Waits until it is open, first. @throws TooSlowError where that takes five seconds; BrokenResourceError where it breaks
 */
export function* conversation<T>(
  socket: WebSocket,
  body: (messages: Messages) => Operation<T>,
): Operation<T> {
  try {
    // It listens from the beginning: a message may come with the news that the socket is open.
    return yield* openEventChannel(
      socket,
      "message",
      function* (messages: Messages): Operation<T> {
        if (socket.readyState === WebSocket.CONNECTING) {
          yield* failAfter(HELLO, () => waitEvent(socket, "open"));
        }
        return yield* body(messages);
      },
      { endOn: ["close"] },
    );
  } finally {
    yield* new CancelScope({ shield: true }).run(() => moveOnAfter(GOODBYE, () => closed(socket)));
    socket.terminate();
  }
}

/** Sends a text, and waits until it has gone out, so that a slow reader holds up its own sender only. @throws BrokenResourceError */
export function send(socket: WebSocket, text: string): Operation<void> {
  return fromPromise(
    new Promise((resolve, reject) => {
      socket.send(text, (cause) => {
        if (cause)
          reject(new BrokenResourceError("send over a WebSocket", cause.message, { cause }));
        else resolve();
      });
    }),
  );
}

function* closed(socket: WebSocket): Operation<void> {
  // One that is closed before it was open says so by an error.
  socket.on("error", () => {});
  socket.close();
  if (socket.readyState !== WebSocket.CLOSED) yield* waitEvent(socket, "close", { breakOn: [] });
}
