// What is known of a site: each address that is linked from somewhere, who links to it, and what it answered. The crawl
// writes into it as it goes, so whenever the crawl ends, early or not, what is known can be reported.
import type { Answer } from "./read-page.js";

/** One place that links to an address. */
export interface Mention {
  /** The address of the page. */
  readonly page: string;
  readonly line: number;
  /** What the link says after its `#`. */
  readonly fragment: string;
}

/** What came of an address. */
export type Finding = Answer | { readonly kind: "failed"; readonly reason: string };

/** All that is known of one address. */
export interface Entry {
  readonly address: string;
  /** Whether it belongs to the site that is checked. */
  readonly inSite: boolean;
  readonly mentions: Mention[];
  /** How many redirects lie between a link and this address, at least. */
  redirects: number;
  /** Undefined until it has been asked. */
  finding: Finding | undefined;
}

/** A link that leads nowhere. */
export interface InvalidLink {
  readonly text: string;
  readonly page: string;
  readonly line: number;
}

/** What is known of a site. */
export class Ledger {
  /** How many addresses have been asked, or are waiting for their turn. */
  asked = 0;
  readonly invalidLinks: InvalidLink[] = [];
  readonly #origins: string[];
  readonly #entries = new Map<string, Entry>();

  /** @param origin where the site lives, such as `https://example.com` */
  constructor(origin: string) {
    this.#origins = [origin];
  }

  /** Where the site lives. */
  get origin(): string {
    return this.#origins.at(-1) as string;
  }

  /** Counts the origin of an address to the site: `http://example.com` turned out to live at `https://www.example.com`. */
  adopt(address: string): void {
    const { origin } = new URL(address);
    if (!this.#origins.includes(origin)) this.#origins.push(origin);
  }

  /** All addresses, in the order of their discovery. */
  get entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Gives the entry of an address, if there is one. */
  find(address: string): Entry | undefined {
    return this.#entries.get(address);
  }

  /** Makes the entry of an address that has none. */
  add(address: string, redirects: number): Entry {
    const inSite = this.#origins.includes(new URL(address).origin);
    const entry: Entry = { address, inSite, redirects, mentions: [], finding: undefined };
    this.#entries.set(address, entry);
    return entry;
  }

  /** Gives the short form of an address for people: within the site only the path. */
  label(address: string): string {
    return labelOf(address, this.origin);
  }
}

/** Gives the short form of an address for people, seen from a site: within it, only the path. */
export function labelOf(address: string, origin: string): string {
  return address.startsWith(`${origin}/`) ? address.slice(origin.length) : address;
}
