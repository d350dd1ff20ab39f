// The crawl: a nursery in which each address is a task of its own.
//
// There is no queue of work, no count of what is pending and no "are we done?": a task starts further tasks for what its page
// links to, and the nursery's block ends when the last of them has. Cancel a scope around it, by a deadline or by Ctrl-C, and
// all of them end, wherever they are: in a request, in a pause before a retry, in line for a place. And if one of them fails
// in a way that nobody expected, the nursery cancels the others, waits for them, and throws: nothing is ever lost.
import { openNursery, type Operation } from "@trestle/structured";
import { askWithin, type AskSettings, type ReadPage } from "./ask.js";
import { MOST_REDIRECTS } from "./broken-links.js";
import type { Link } from "./document.js";
import type { Entry, Ledger } from "./ledger.js";
import type { LinkTarget } from "./link-target.js";

/** Gets told how the crawl goes. */
export interface CrawlObserver {
  /** An address was asked, and its entry now has a finding. */
  settled(entry: Entry): void;
  /** A try failed, and there will be another one. */
  retrying(entry: Entry, reason: string): void;
}

/** The bounds of a crawl. */
export interface CrawlSettings extends AskSettings {
  /** How many addresses are asked at most. */
  readonly maxPages: number;
  /** Whether addresses outside of the site are asked. */
  readonly external: boolean;
}

/**
 * Asks for the pages to start from, and for all that they lead to, and writes into the ledger what came of it.
 *
 * It ends when every address has been asked. A cancellation ends it at any time: the ledger then holds what is known.
 */
export function* crawl(
  ledger: Ledger,
  start: readonly string[],
  read: ReadPage,
  settings: CrawlSettings,
  observer: CrawlObserver,
): Operation<void> {
  const ask = askWithin(settings, read, (entry, reason) => observer.retrying(entry, reason));
  const starting = new Set(start);

  yield* openNursery(function* (nursery): Operation<void> {
    for (const address of start) discover(address, 0);

    function* visit(entry: Entry): Operation<void> {
      const finding = yield* ask(entry);
      entry.finding = finding;
      observer.settled(entry);
      if (finding.kind === "redirect") followRedirect(entry, finding.to);
      if (finding.kind === "document" && entry.inSite) followLinks(entry.address, finding.links);
    }

    function discover(address: string, redirects: number): Entry {
      const known = ledger.find(address);
      const entry = known ?? ledger.add(address, redirects);
      if (known === undefined && isWanted(entry)) {
        ledger.asked++;
        nursery.startSoon(visit, entry);
      } else if (redirects < entry.redirects) {
        // Only redirects had led to it. Now that a link does, the way on from it may be longer.
        entry.redirects = redirects;
        if (entry.finding?.kind === "redirect") followRedirect(entry, entry.finding.to);
      }
      return entry;
    }

    function followLinks(page: string, links: readonly Link[]): void {
      for (const { text, target, line } of links) {
        if (target.kind === "invalid") ledger.invalidLinks.push({ text, page, line });
        if (target.kind !== "address") continue;
        discover(target.address, 0).mentions.push({ page, line, fragment: target.fragment });
      }
    }

    function followRedirect(entry: Entry, to: LinkTarget): void {
      if (to.kind !== "address" || entry.redirects >= MOST_REDIRECTS) return;
      if (starting.has(entry.address)) {
        // The site itself has moved: the check goes on where it lives now.
        starting.add(to.address);
        ledger.adopt(to.address);
      }
      discover(to.address, entry.redirects + 1);
    }
  });

  function isWanted(entry: Entry): boolean {
    return (entry.inSite || settings.external) && ledger.asked < settings.maxPages;
  }
}
