// What a link's text leads to: an address of the web, something that is no web page, or nothing at all.

/** What a link leads to. */
export type LinkTarget =
  /** An address of the web, in the one spelling that stands for it, and the fragment after its `#`. */
  | { readonly kind: "address"; readonly address: string; readonly fragment: string }
  /** A mail address, a telephone number, a script, data: nothing that a site could fail to deliver. */
  | { readonly kind: "ignored" }
  /** Nothing that a browser could open. */
  | { readonly kind: "invalid" };

/** Tells what a link's text leads to, seen from `base`. */
export function resolveLink(text: string, base: string): LinkTarget {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    return { kind: "invalid" };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return { kind: "ignored" };
  const fragment = withoutTextDirective(url.hash.slice(1));
  return { kind: "address", address: normalAddress(url), fragment };
}

/**
 * Gives the one spelling of an address, so that each page is read once: no fragment, no empty query, no default port, dots
 * in the path resolved, `%2f` as `%2F`. URL does most of that by itself, and text does the rest: to set a part of a URL costs as much
 * as to read all of it.
 */
export function normalAddress(url: URL): string {
  const { href } = withLargeEscapes(url);
  const fragment = href.indexOf("#");
  const address = fragment === -1 ? href : href.slice(0, fragment);
  return address.endsWith("?") && url.search === "" ? address.slice(0, -1) : address;
}

function withLargeEscapes(url: URL): URL {
  if (!url.pathname.includes("%")) return url;
  const copy = new URL(url);
  copy.pathname = url.pathname.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
  return copy;
}

/** `#section:~:text=word` asks for a section and, of some browsers, for a word in it. */
function withoutTextDirective(fragment: string): string {
  const directive = fragment.indexOf(":~:");
  return directive === -1 ? fragment : fragment.slice(0, directive);
}
