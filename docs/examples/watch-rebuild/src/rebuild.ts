// What is done about changes. Nothing here knows of files and processes: changes are values that come out of a channel, and building
// and serving are functions that run until they have ended, or are cancelled.
//
//   nursery
//   ├─ keepServing        where there is something that serves
//   │  └─ untilNext       serves until the next good build
//   └─ loop
//      ├─ untilNext       builds until the next change, which ends the build
//      └─ settle          waits until nothing has changed for a while
import {
  isCancelled,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  type Operation,
  type ReceiveChannel,
  type SendChannel,
} from "trestle";

/** How something has ended by itself. */
export interface Ending {
  readonly isGood: boolean;
  /** In words: "ended with the code 1". */
  readonly how: string;
}

/** Runs until it ends by itself; cancelled, until it was ended. */
export type Runs = () => Operation<Ending>;

/** What to do, and with what. */
export interface Rebuilding {
  /** What has changed, by its name. */
  readonly changes: ReceiveChannel<string>;
  /** How long nothing may change before it builds, in milliseconds. */
  readonly delay: number;
  readonly build: Runs;
  readonly serve: Runs | undefined;
  /** Gets a line whenever something happens. */
  readonly say: (line: string) => void;
}

/** Builds, and builds again after changes, until it is cancelled. */
export function rebuild(rebuilding: Rebuilding): Operation<never> {
  const { changes, delay, serve, say } = rebuilding;
  return openNursery(function* (nursery): Operation<never> {
    const [goodBuild, goodBuilds] = openMemoryChannel<void>(0);
    if (serve !== undefined) nursery.startSoon(keepServing, goodBuilds, serve, say);
    for (;;) {
      const first = yield* untilNext(changes, () => buildOnce(rebuilding, goodBuild));
      say(`Changed: ${listOf(yield* settle(first, changes, delay))}.`);
    }
  });
}

/** Runs something until the next value comes, and then ends it. When it gives the value, nothing of that is left. */
function untilNext<T>(values: ReceiveChannel<T>, runs: () => Operation<unknown>): Operation<T> {
  return openNursery(function* (nursery): Operation<T> {
    nursery.startSoon(runs);
    const value = yield* values.receive();
    nursery.cancelScope.cancel("it is out of date");
    return value;
  });
}

function* buildOnce(
  { build, serve, say }: Rebuilding,
  goodBuild: SendChannel<void>,
): Operation<void> {
  say("Building.");
  let ending: Ending;
  try {
    ending = yield* build();
  } catch (error) {
    if (isCancelled(error)) say("The build was given up.");
    throw error;
  }
  say(ending.isGood ? "The build is good." : `The build has failed: it ${ending.how}.`);
  if (ending.isGood && serve !== undefined) yield* goodBuild.send();
}

function* keepServing(
  goodBuilds: ReceiveChannel<void>,
  serve: Runs,
  say: (line: string) => void,
): Operation<never> {
  yield* goodBuilds.receive();
  for (;;) {
    // What served before may have taken its time to end, and more builds may have come meanwhile: they are served as one.
    while (isThere(goodBuilds)) yield* goodBuilds.receive();
    yield* untilNext(goodBuilds, function* (): Operation<void> {
      say("Serving.");
      const { how } = yield* serve();
      say(`What serves has ended: it ${how}.`);
    });
  }
}

function isThere(values: ReceiveChannel<unknown>): boolean {
  return values.statistics().tasksWaitingSend > 0;
}

/** Waits until nothing has come for a while, and gives all that has, each once. */
function* settle(
  first: string,
  changes: ReceiveChannel<string>,
  delay: number,
): Operation<ReadonlySet<string>> {
  const all = new Set([first]);
  for (;;) {
    // Cancelled by its deadline, it has taken nothing: no change is lost.
    const { cancelledCaught, value } = yield* moveOnAfter(delay, () => changes.receive());
    if (cancelledCaught) return all;
    all.add(value);
  }
}

const MOST_NAMES = 5;

function listOf(changes: ReadonlySet<string>): string {
  const names = [...changes].sort();
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
