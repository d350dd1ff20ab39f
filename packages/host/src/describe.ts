const LONGEST = 60;

/**
 * Gives a short text for a value in an error message: what it is, and its type where that is not plain.
 *
 * Source: ours. Flavor: either. It never throws.
 *
 * @example
 * ```ts
 * import { describe } from "@trestle/host";
 *
 * describe("5"); // '"5" (string)'
 * describe(async function load() {}); // "load (async function)"
 * ```
 */
export function describe(value: unknown): string {
  try {
    return describeKind(value);
  } catch {
    return `(${typeof value})`;
  }
}

function describeKind(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)} (string)`;
    case "bigint":
      return `${value}n (bigint)`;
    case "undefined":
      return "undefined";
    case "function":
      return `${value.name || "anonymous"} (${functionKind(value)})`;
    case "object":
      return value === null ? "null" : objectKind(value);
    default:
      return `${String(value)} (${typeof value})`;
  }
}

function functionKind(value: object): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "AsyncFunction") return "async function";
  if (tag === "AsyncGeneratorFunction") return "async generator function";
  if (tag === "GeneratorFunction") return "generator function";
  return "function";
}

function objectKind(value: object): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const made = (value as { constructor?: { name?: string } }).constructor?.name;
  const name = tag === "Object" && made ? made : tag;
  return /^[aeiou]/i.test(name) ? `an ${name}` : `a ${name}`;
}
