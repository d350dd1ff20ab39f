// Connects, says on the way what it tries, and tells who won.
import {
  currentTime,
  failAfter,
  fromPromise,
  isCancelled,
  main,
  TooSlowError,
  type Operation,
} from "@trestle/structured";
import { openTcpStream, type SocketStream } from "@trestle/structured/net";
import { acloseForcefully } from "@trestle/structured/streams";
import { firstToConnect } from "./first-to-connect.js";
import { readSettings, type Settings } from "./settings.js";
import { targetsOf, textOf, type Target } from "./targets.js";

void main(function* (): Operation<number> {
  const settings = readSettings(process.argv.slice(2));
  try {
    yield* failAfter(settings.deadline, () => race(settings));
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(error.message);
    return 1;
  }
});

function* race({ hosts, headStart }: Settings): Operation<void> {
  const start = currentTime();
  const say = (target: Target, what: string): void => {
    const ms = String(Math.round(currentTime() - start)).padStart(6);
    console.log(`${ms} ms  ${textOf(target)}: ${what}`);
  };

  function* connect(target: Target): Operation<{ target: Target; stream: SocketStream }> {
    say(target, "trying");
    try {
      return { target, stream: yield* openTcpStream(target.address, target.port) };
    } catch (error) {
      say(target, isCancelled(error) ? "given up" : "failed");
      throw error;
    }
  }

  const targets: Target[] = [];
  for (const { host, port } of hosts) targets.push(...(yield* fromPromise(targetsOf(host, port))));
  const winner = yield* firstToConnect(targets, headStart, connect, (late) =>
    acloseForcefully(late.stream),
  );
  say(winner.target, "connected");
  yield* winner.stream.aclose();
}

/** No address answered; or not in time; or a host has no address, which the system says. */
function isExpected(error: unknown): error is Error {
  const isOfSystem = error instanceof Error && "syscall" in error;
  return error instanceof AggregateError || error instanceof TooSlowError || isOfSystem;
}
