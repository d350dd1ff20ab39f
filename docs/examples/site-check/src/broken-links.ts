// What is broken, read from the ledger after the crawl: only then is it known what every address answered, which anchors
// every page has, and where every redirect ends.
import type { Entry, Ledger, Mention } from "./ledger.js";

/** A link target that is broken, and all the places that link to it. */
export interface BrokenLink {
  /** The full address, with its fragment; or what the link says, where that is no address. */
  readonly target: string;
  readonly reason: string;
  /** Empty where the check began with it. */
  readonly linkedFrom: readonly Place[];
}

/** A line of a page. */
interface Place {
  readonly page: string;
  readonly line: number;
}

/** What browsers follow, about. */
export const MOST_REDIRECTS = 10;

/** Finds all that is broken, sorted by target. */
export function findBrokenLinks(ledger: Ledger): BrokenLink[] {
  const broken: BrokenLink[] = [];
  for (const entry of ledger.entries) {
    for (const [fragment, mentions] of byFragment(entry)) {
      const reason = reasonOf(ledger, entry, fragment);
      if (reason === undefined) continue;
      const target = fragment === "" ? entry.address : `${entry.address}#${fragment}`;
      broken.push({ target, reason, linkedFrom: sortedPlaces(mentions) });
    }
  }
  for (const [target, links] of groupBy(ledger.invalidLinks, ({ text }) => text)) {
    broken.push({ target, reason: "not an address", linkedFrom: sortedPlaces(links) });
  }
  return broken.toSorted((a, b) => compare(a.target, b.target));
}

/** Links to different places of a page are judged apart; an address that cannot be had is one finding, not one a fragment. */
function byFragment(entry: Entry): Iterable<[string, Mention[]]> {
  // What only redirects lead to is judged where they begin. What the check began with is judged without any mention.
  if (entry.mentions.length === 0 && entry.redirects > 0) return [];
  if (entry.mentions.length === 0 || entry.finding?.kind === "failed")
    return [["", entry.mentions]];
  return groupBy(entry.mentions, ({ fragment }) => fragment);
}

/** Says what is wrong with a link to this entry; undefined where nothing is, or where it is not known. */
function reasonOf(ledger: Ledger, entry: Entry, fragmentOfLink: string): string | undefined {
  const path = [entry];
  let last = entry;
  let fragment = fragmentOfLink;
  while (last.finding?.kind === "redirect") {
    const { to } = last.finding;
    if (to.kind === "invalid") return "redirects to something that is not an address";
    if (to.kind === "ignored") return undefined;
    const next = ledger.find(to.address);
    if (next === undefined) return path.length > MOST_REDIRECTS ? tooMany() : undefined;
    path.push(next);
    const before = path.indexOf(next);
    if (before < path.length - 1) return circle(path.length - 1 - before);
    if (path.length > MOST_REDIRECTS + 1) return tooMany();
    // As in browsers: the fragment of a redirect wins, and without one the link's own goes on.
    fragment = to.fragment || fragment;
    last = next;
  }
  const reason = reasonAt(last, fragment);
  if (reason === undefined || path.length === 1) return reason;
  return `redirects to ${ledger.label(last.address)}: ${reason}`;
}

function reasonAt({ finding }: Entry, fragment: string): string | undefined {
  if (finding?.kind === "failed") return finding.reason;
  if (finding?.kind !== "document" || !finding.whole) return undefined;
  return hasAnchor(finding.anchors, fragment) ? undefined : `no element has the id "${fragment}"`;
}

function hasAnchor(anchors: ReadonlySet<string>, fragment: string): boolean {
  if (fragment === "" || anchors.has(fragment)) return true;
  const decoded = decode(fragment);
  return anchors.has(decoded) || decoded.toLowerCase() === "top";
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function tooMany(): string {
  return `redirects more than ${MOST_REDIRECTS} times`;
}

function circle(length: number): string {
  return length === 1 ? "redirects to itself" : `redirects in a circle of ${length} addresses`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function sortedPlaces(places: readonly Place[]): Place[] {
  return places
    .map(({ page, line }) => ({ page, line }))
    .toSorted((a, b) => compare(a.page, b.page) || a.line - b.line);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
