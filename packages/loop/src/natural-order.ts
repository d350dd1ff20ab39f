import { ArgumentError, describe } from "@trestle/host";

/**
 * Orders values as Python does: numbers (bigints among them), strings by their code units, dates, and lists of these, item by
 * item, the shorter one first. Throws ArgumentError for everything else, and for two of different kinds.
 */
export function naturalOrder(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) return orderOfLists(a, b);
  const kind = kindOf(a);
  if (kind === undefined || kind !== kindOf(b)) {
    throw new ArgumentError(
      `Cannot order ${describe(a)} and ${describe(b)}: they have no natural order.\nGive 'compare', or put in lists that begin with a number.`,
    );
  }
  const [first, second] = [a as number, b as number];
  if (first < second) return -1;
  return first > second ? 1 : 0;
}

function orderOfLists(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] === b[i]) continue;
    const order = naturalOrder(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function kindOf(value: unknown): "number" | "string" | undefined {
  if (typeof value === "string") return "string";
  if (typeof value === "bigint") return "number";
  const time = value instanceof Date ? value.getTime() : value;
  return typeof time === "number" && !Number.isNaN(time) ? "number" : undefined;
}
