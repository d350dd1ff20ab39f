// `srcset` holds several addresses: "small.png 480w, large.png 2x". An address may itself hold commas, so splitting at
// commas is wrong; this is the algorithm of the HTML standard without the meaning of the descriptors.

/** Gives the addresses of a `srcset` attribute, in order. */
export function readSrcset(value: string): string[] {
  const addresses: string[] = [];
  let rest = value;
  while (true) {
    rest = rest.replace(/^[\s,]+/, "");
    const word = /^\S+/.exec(rest)?.[0];
    if (word === undefined) return addresses;
    rest = rest.slice(word.length);
    const address = word.replace(/,+$/, "");
    addresses.push(address);
    // A comma right after the address ends the candidate; else its descriptors go up to the next comma outside of brackets.
    if (address === word) rest = rest.replace(/^(?:\([^)]*\)?|[^,(])*/, "");
  }
}
