// The whole check, from an open site to its result: this is the tree of all that runs.
//
//   openSite            a server, with a task for each of its requests (not for sites of the web)
//   └─ nursery          until the crawl is over or somebody interrupts
//      ├─ interrupt     waits for Ctrl-C, then cancels the nursery
//      ├─ progress      draws, until it is cancelled
//      └─ deadline      a scope around the crawl
//         └─ nursery    a task for each page
import {
  currentTime,
  moveOnAfter,
  openNursery,
  type Nursery,
  type Operation,
} from "@trestle/structured";
import type { Settings } from "./arguments.js";
import type { ReadPage } from "./ask.js";
import { crawl } from "./crawl.js";
import type { Interrupts } from "./interrupts.js";
import { Ledger } from "./ledger.js";
import { openSite } from "./open-site.js";
import { NoProgress, ProgressBar, ProgressLines, type Progress, type Screen } from "./progress.js";
import { resultOf, type Ending, type Result } from "./report.js";

/** What a check needs of the world. */
export interface Surroundings {
  readonly interrupts: Pick<Interrupts, "wait" | "signal">;
  readonly read: ReadPage;
  readonly screen: Screen;
}

/** Checks a site. When it gives its result, everything that it opened is closed. */
export function* checkSite(settings: Settings, surroundings: Surroundings): Operation<Result> {
  return yield* openSite(settings.target, function* (start): Operation<Result> {
    const ledger = new Ledger(new URL(start[0]).origin);
    const begin = currentTime();
    const ending = yield* crawlWhileAllowed(ledger, start, settings, surroundings);
    const milliseconds = currentTime() - begin;
    return resultOf(ledger, ending, { external: settings.external, milliseconds });
  });
}

/** Crawls to the end, to the deadline, or until somebody interrupts. */
function* crawlWhileAllowed(
  ledger: Ledger,
  start: readonly string[],
  settings: Settings,
  { interrupts, read, screen }: Surroundings,
): Operation<Ending> {
  const progress = progressFor(ledger, settings, screen);
  let ending: Ending = "interrupted";
  yield* openNursery(function* (nursery): Operation<void> {
    nursery.startSoon(cancelOnInterrupt, nursery, interrupts);
    nursery.startSoon(() => progress.show());
    const { cancelledCaught } = yield* moveOnAfter(settings.deadline, () =>
      crawl(ledger, start, read, settings, progress),
    );
    // Only who was not cancelled from outside gets here.
    ending = cancelledCaught ? "deadline" : "complete";
    nursery.cancelScope.cancel("the crawl is over");
  });
  return ending;
}

function* cancelOnInterrupt(
  nursery: Nursery,
  interrupts: Surroundings["interrupts"],
): Operation<void> {
  yield* interrupts.wait();
  nursery.cancelScope.cancel(interrupts.signal);
}

function progressFor(ledger: Ledger, settings: Settings, screen: Screen): Progress {
  if (!settings.progress) return new NoProgress();
  return screen.isTTY ? new ProgressBar(ledger, screen) : new ProgressLines(ledger, screen);
}
