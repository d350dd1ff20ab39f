// Bytes to text, by the rules of browsers: a byte order mark, else the header, else the document's own word, else UTF-8.

const PRESCAN_BYTES = 1024;

/** Decodes the body of a document. Bytes that make no sense become replacement characters; nothing is thrown. */
export function decodeBody(bytes: Uint8Array, contentType: string): string {
  const label =
    byteOrderMark(bytes) ?? charsetParameter(contentType) ?? declaredInside(bytes) ?? "utf-8";
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    // Nobody knows that encoding.
    return new TextDecoder().decode(bytes);
  }
}

function byteOrderMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return undefined;
}

function charsetParameter(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}

function declaredInside(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, PRESCAN_BYTES));
  const label = /<meta[^>]*\bcharset\s*=\s*["']?([^\s"'/>;]+)/i.exec(start)?.[1];
  // The declaration was readable as single bytes, so it is not UTF-16, whatever it says.
  return label !== undefined && /^utf-?16/i.test(label) ? "utf-8" : label;
}
