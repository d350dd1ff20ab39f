// The fields of an object of a JSON file, each asked for with what it is to be. What nobody has asked for is refused at the end: it is
// a slip of the pen.

/** Limits of a number. */
interface NumberLimits {
  readonly least?: number;
  /** What it is where it is not there; without this it must be. */
  readonly otherwise?: number;
}

const MOST = 2 ** 31 - 1;

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #asked = new Set<string>();

  /**
   * @param where what to call the object in errors
   * @throws Error where it is none
   */
  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`${where} is ${shown(value)}: an object is wanted.`);
    }
    this.#values = { ...value };
    this.#where = where;
  }

  /** A text that is not empty. */
  text(name: string): string {
    const value = this.#ask(name);
    return isText(value) ? value : this.#refuse(name, "a text that is not empty");
  }

  /** One of some texts. */
  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const value = this.#ask(name);
    const found = choices.find((choice) => choice === value);
    return found ?? this.#refuse(name, `one of ${choices.map(shown).join(", ")}`);
  }

  /** A list of texts that are not empty; an empty list where it is not there. */
  texts(name: string): readonly string[] {
    const value = this.#ask(name) ?? [];
    if (Array.isArray(value) && value.every(isText)) return value;
    return this.#refuse(name, "a list of texts that are not empty");
  }

  /** A program and its arguments, which may be empty. */
  command(name: string): readonly [program: string, ...args: string[]] {
    const value = this.#ask(name);
    const isCommand = (list: unknown[]): list is [string, ...string[]] =>
      isText(list[0]) && list.every((word) => typeof word === "string" && !word.includes("\0"));
    if (Array.isArray(value) && isCommand(value)) return value;
    return this.#refuse(name, "a list of texts, a program and its arguments,");
  }

  /** A whole number. */
  wholeNumber(name: string, { least = 0, otherwise }: NumberLimits = {}): number {
    const value = this.#ask(name) ?? otherwise;
    if (value === otherwise && otherwise !== undefined) return otherwise;
    const isRight = Number.isInteger(value) && Number(value) >= least && Number(value) <= MOST;
    return isRight ? Number(value) : this.#refuse(name, `a whole number from ${least} to ${MOST}`);
  }

  /** Refuses what nobody has asked for. */
  refuseOthers(): void {
    const other = Object.keys(this.#values).find((name) => !this.#asked.has(name));
    if (other === undefined) return;
    throw new Error(
      `${this.#where} has the field ${shown(other)}: only ${[...this.#asked].join(", ")} are known here.`,
    );
  }

  #ask(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #refuse(name: string, wanted: string): never {
    const value = this.#ask(name);
    const how = value === undefined ? "is missing" : `is ${shown(value)}`;
    throw new Error(`${this.#where}.${name} ${how}: ${wanted} is wanted.`);
  }
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}
