// The start tags of an HTML text. A checker needs no tree, so this uses only the tokenizer of htmlparser2: it is much faster
// than building what browsers build, and takes the same time for each byte however the elements are nested. That matters:
// parsing is the one thing in this program that cannot be cancelled, and keeps all other tasks waiting.
import { Tokenizer, type TokenizerCallbacks } from "htmlparser2";

/** The start tag of an element. */
export interface Tag {
  /** In lower case, as the names of attributes. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An attribute of a start tag. */
interface Attribute {
  readonly value: string;
  /** The line it begins at, from 1. */
  readonly line: number;
}

/**
 * Reads all start tags that have attributes, in the order of the text; none of what only waits in a `template`. Each is given away at
 * once: to keep those of a large document would cost more time for garbage than reading them.
 */
export function readTags(html: string, take: (tag: Tag) => void): void {
  const tokenizer = new Tokenizer({}, new TagReader(html, take));
  tokenizer.write(html);
  tokenizer.end();
}

class TagReader implements TokenizerCallbacks {
  readonly #html: string;
  readonly #take: (tag: Tag) => void;
  readonly #lineAt: (index: number) => number;
  /** How many of these elements are open: they change what their content means. */
  readonly #open = { svg: 0, math: 0, template: 0 };
  #name = "";
  #attributes = new Map<string, Attribute>();
  #attributeName = "";
  #attributeLine = 1;
  #attributeValue = "";

  constructor(html: string, take: (tag: Tag) => void) {
    this.#html = html;
    this.#take = take;
    this.#lineAt = lineCounter(html);
  }

  isInForeignContext(): boolean {
    return this.#open.svg + this.#open.math > 0;
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#slice(start, end);
    this.#attributes = new Map();
  }

  onattribname(start: number, end: number): void {
    // In SVG, older documents write `xlink:href`.
    this.#attributeName = this.#slice(start, end).replace(/^xlink:/, "");
    this.#attributeLine = this.#lineAt(start);
    this.#attributeValue = "";
  }

  onattribdata(start: number, end: number): void {
    this.#attributeValue += this.#html.slice(start, end);
  }

  onattribentity(codePoint: number): void {
    this.#attributeValue += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    // The first of several attributes of one name counts.
    if (this.#attributes.has(this.#attributeName)) return;
    const attribute = { value: this.#attributeValue, line: this.#attributeLine };
    this.#attributes.set(this.#attributeName, attribute);
  }

  onopentagend(): void {
    this.#keepTag();
    this.#count(this.#name, 1);
  }

  onselfclosingtag(): void {
    // Only in SVG and MathML does the slash mean anything, and there it means that nothing stays open.
    this.#keepTag();
    if (this.#name === "template") this.#count(this.#name, 1);
  }

  onclosetag(start: number, end: number): void {
    this.#count(this.#slice(start, end), -1);
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onend(): void {}
  onprocessinginstruction(): void {}
  ontext(): void {}
  ontextentity(): void {}

  #keepTag(): void {
    if (this.#attributes.size === 0 || this.#open.template > 0) return;
    this.#take({ name: this.#name, attributes: this.#attributes });
  }

  #count(name: string, change: number): void {
    if (name !== "svg" && name !== "math" && name !== "template") return;
    this.#open[name] = Math.max(0, this.#open[name] + change);
  }

  #slice(start: number, end: number): string {
    return this.#html.slice(start, end).toLowerCase();
  }
}

/** Gives the line of an index, for indices that only grow. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let next = text.indexOf("\n");
  return (index) => {
    while (next !== -1 && next < index) {
      line++;
      next = text.indexOf("\n", next + 1);
    }
    return line;
  };
}
