// One connection: a task that reads and one that writes, in a nursery. Whichever ends first says why, and ends the other.
//
//   serveTcp            a task for each connection; its stream is closed when the handler has ended
//   └─ nursery
//      ├─ body          reads lines, each with a deadline, and tells them to the room
//      └─ write         sends what the room tells, each line with a deadline
import {
  BrokenResourceError,
  openMemoryChannel,
  openNursery,
  TooSlowError,
  type Operation,
  type ReceiveChannel,
  type SendChannel,
} from "@trestle/structured";
import { DelimiterNotFoundError, type Stream } from "@trestle/structured/streams";
import { Lines, type Limits } from "./lines.js";
import type { Room } from "./room.js";

/** Serves one connection, until its member leaves or breaks a limit. */
export function* chat(stream: Stream, room: Room, limits: Limits): Operation<void> {
  const lines = new Lines(stream, limits);
  const [outbox, inbox] = openMemoryChannel<string>(limits.backlog);
  yield* ending(function* (): Operation<string> {
    const name = yield* introduce(lines, room, outbox);
    if (name !== undefined) yield* takePart(name, lines, room, inbox);
    return "";
  });
}

/** Asks for a name until it is one that is free, and enters the room; undefined where the other side leaves before. */
function* introduce(
  lines: Lines,
  room: Room,
  outbox: SendChannel<string>,
): Operation<string | undefined> {
  yield* lines.send("What is your name?");
  for (;;) {
    const name = yield* lines.read();
    if (name === undefined) return undefined;
    if (name === "") yield* lines.send("A name, please.");
    else if (room.enter(name, outbox)) return name;
    else yield* lines.send(`There is a ${name} here. Another name?`);
  }
}

function* takePart(
  name: string,
  lines: Lines,
  room: Room,
  inbox: ReceiveChannel<string>,
): Operation<void> {
  let how = "is gone";
  try {
    room.tell(`* ${name} has come`);
    yield* openNursery(function* (nursery): Operation<void> {
      const end = (why: string): void => {
        how = why;
        nursery.cancelScope.cancel(why);
      };
      nursery.startSoon(function* (): Operation<void> {
        end(yield* ending(() => write(lines, inbox)));
      });
      end(yield* ending(() => listen(name, lines, room)));
    });
  } finally {
    // Also where the server ends. Nothing here waits, so nothing has to be shielded.
    room.leave(name);
    room.tell(`* ${name} ${how}`);
  }
}

function* listen(name: string, lines: Lines, room: Room): Operation<string> {
  for (;;) {
    const line = yield* lines.read();
    if (line === undefined) return "has left";
    if (line !== "") room.tell(`${name}: ${line}`, name);
  }
}

function* write(lines: Lines, inbox: ReceiveChannel<string>): Operation<string> {
  yield* inbox.each((line) => lines.send(line));
  return "has fallen behind";
}

/** Gives how a connection ends: as the body says, or by what may happen to any. Another error is a mistake of ours. */
function* ending(body: () => Operation<string>): Operation<string> {
  try {
    return yield* body();
  } catch (error) {
    if (error instanceof TooSlowError) return "was too slow";
    if (error instanceof DelimiterNotFoundError) return "said too much at once";
    if (error instanceof BrokenResourceError) return "has lost the connection";
    throw error;
  }
}
