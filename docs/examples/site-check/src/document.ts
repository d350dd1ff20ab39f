// An HTML document as a checker sees it: the links that it has, with their lines, and the anchors that it offers.
import { resolveLink, type LinkTarget } from "./link-target.js";
import { readSrcset } from "./srcset.js";
import { readTags, type Tag } from "./tags.js";

/** A link of a document. */
export interface Link {
  /** As it is written there. */
  readonly text: string;
  readonly target: LinkTarget;
  /** The line of the document, from 1. */
  readonly line: number;
}

/** What a document holds. */
export interface HtmlDocument {
  /** Its links, in the order of the text. */
  readonly links: readonly Link[];
  /** What a fragment can lead to: each `id`, and the `name` of each `a`. */
  readonly anchors: ReadonlySet<string>;
}

/** Which attributes of which elements hold an address. */
const LINKING: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  area: ["href"],
  audio: ["src"],
  embed: ["src"],
  frame: ["src"],
  iframe: ["src"],
  image: ["href"],
  img: ["src", "srcset"],
  input: ["src"],
  link: ["href"],
  object: ["data"],
  script: ["src"],
  source: ["src", "srcset"],
  track: ["src"],
  use: ["href"],
  video: ["src", "poster"],
};

/** Hints to the browser about a whole server; what they name need not be a page. */
const NOT_A_RESOURCE = /(?:^|\s)(?:preconnect|dns-prefetch)(?:\s|$)/i;

/** Reads a document that was found at `address`. */
export function readDocument(html: string, address: string): HtmlDocument {
  const found: FoundAddress[] = [];
  const anchors = new Set<string>();
  let base: string | undefined;
  readTags(html, (tag) => {
    const id = valueOf(tag, "id");
    if (id) anchors.add(id);
    const name = tag.name === "a" ? valueOf(tag, "name") : undefined;
    if (name) anchors.add(name);
    if (tag.name === "base") base ??= valueOf(tag, "href");
    found.push(...addressesOf(tag));
  });
  const targetOf = resolver(baseOf(base, address));
  return { links: found.map((each) => ({ ...each, target: targetOf(each.text) })), anchors };
}

/** Resolves each text once: pages repeat their links, and what they share goes to another thread in one piece. */
function resolver(base: string): (text: string) => LinkTarget {
  const known = new Map<string, LinkTarget>();
  return (text) => {
    const target = known.get(text) ?? resolveLink(text, base);
    known.set(text, target);
    return target;
  };
}

/** An address as a tag has it; what it leads to depends on a `base` that may come later. */
interface FoundAddress {
  readonly text: string;
  readonly line: number;
}

/** Only the first `base` of a document counts. */
function baseOf(text: string | undefined, address: string): string {
  return text !== undefined && URL.canParse(text, address) ? new URL(text, address).href : address;
}

function* addressesOf(tag: Tag): Generator<FoundAddress> {
  for (const name of LINKING[tag.name] ?? []) {
    const attribute = tag.attributes.get(name);
    if (attribute === undefined) continue;
    const { value, line } = attribute;
    if (name === "srcset") {
      for (const text of readSrcset(value)) yield { text, line };
    } else if (!isNoLink(tag, value)) {
      yield { text: value, line };
    }
  }
}

function isNoLink(tag: Tag, value: string): boolean {
  // An empty `href` leads to the page itself; anything else that is empty loads nothing.
  if (value.trim() === "") return tag.name !== "a" && tag.name !== "area";
  return tag.name === "link" && NOT_A_RESOURCE.test(valueOf(tag, "rel") ?? "");
}

function valueOf(tag: Tag, name: string): string | undefined {
  return tag.attributes.get(name)?.value;
}
