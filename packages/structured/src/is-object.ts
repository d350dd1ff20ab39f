/** Whether a value can have properties that one may ask for; functions are not meant. */
export function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}
