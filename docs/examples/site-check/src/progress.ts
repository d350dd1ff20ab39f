// How the crawl goes, for whoever watches: a bar that is drawn over and over on a terminal, a line for each page elsewhere.
import { currentTime, sleep, type Operation } from "@trestle/structured";
import type { CrawlObserver } from "./crawl.js";
import type { Entry, Ledger } from "./ledger.js";

/** A stream that progress can be written to, such as `process.stderr`. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  /** The width of a terminal, in characters. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Shows how a crawl goes. */
export interface Progress extends CrawlObserver {
  /** Shows it for as long as this runs, which is until it is cancelled. */
  show(): Operation<void>;
}

const TICK_MS = 80;
const CLEAR_LINE = "\r\u001B[K";

/** A bar that stays on one line and leaves nothing behind. */
export class ProgressBar implements Progress {
  readonly #ledger: Ledger;
  readonly #screen: Screen;
  #done = 0;
  #failed = 0;
  #latest = "";

  constructor(ledger: Ledger, screen: Screen) {
    this.#ledger = ledger;
    this.#screen = screen;
  }

  settled(entry: Entry): void {
    this.#done++;
    if (entry.finding?.kind === "failed") this.#failed++;
    this.#latest = this.#ledger.label(entry.address);
  }

  retrying(entry: Entry): void {
    this.#latest = `again: ${this.#ledger.label(entry.address)}`;
  }

  /** A task like any other: it has no timer to stop and no "is it over?" to ask, it is cancelled and cleans up. */
  *show(): Operation<void> {
    const begin = currentTime();
    try {
      while (true) {
        this.#screen.write(CLEAR_LINE + this.#line(currentTime() - begin));
        yield* sleep(TICK_MS);
      }
    } finally {
      this.#screen.write(CLEAR_LINE);
    }
  }

  #line(elapsed: number): string {
    const known = this.#ledger.asked;
    const share = known === 0 ? 0 : this.#done / known;
    const failed = this.#failed === 0 ? "" : `  ${this.#failed} failed`;
    const text = `${bar(share)} ${this.#done}/${known}${failed}  ${(elapsed / 1000).toFixed(1)} s  ${this.#latest}`;
    // A line as wide as the terminal would wrap, and a wrapped line cannot be drawn over.
    return text.slice(0, Math.max(0, (this.#screen.columns ?? 80) - 1));
  }
}

function bar(share: number): string {
  const width = 24;
  const full = Math.round(width * share);
  return `[${"#".repeat(full)}${".".repeat(width - full)}]`;
}

/** A line for each address, for log files and pipes. */
export class ProgressLines implements Progress {
  readonly #ledger: Ledger;
  readonly #screen: Screen;

  constructor(ledger: Ledger, screen: Screen) {
    this.#ledger = ledger;
    this.#screen = screen;
  }

  settled(entry: Entry): void {
    const { finding } = entry;
    if (finding?.kind === "failed") this.#write("failed", entry, finding.reason);
    else if (finding?.kind === "redirect") this.#write("moved", entry);
    else this.#write("ok", entry);
  }

  retrying(entry: Entry, reason: string): void {
    this.#write("again", entry, reason);
  }

  *show(): Operation<void> {
    // Each line is written when there is something to say; nothing has to go on meanwhile.
  }

  #write(word: string, entry: Entry, reason?: string): void {
    const label = this.#ledger.label(entry.address);
    this.#screen.write(`${word.padEnd(6)}  ${label}${reason === undefined ? "" : `: ${reason}`}\n`);
  }
}

/** Shows nothing. */
export class NoProgress implements Progress {
  settled(): void {}
  retrying(): void {}
  *show(): Operation<void> {}
}
