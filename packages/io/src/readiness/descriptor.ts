import { ArgumentError, describe } from "@trestle/host";

/** An open file of the operating system: its number, or something that has one. */
export type Descriptor = number | { readonly fd: number };

/** What a descriptor is to be ready for. */
export type Direction = "reading" | "writing";

/** Gives the number of a descriptor. @throws ArgumentError for what is none */
export function numberOf(descriptor: Descriptor, action: string): number {
  const fd: unknown = typeof descriptor === "object" ? descriptor?.fd : descriptor;
  if (typeof fd === "number" && fd >= 0 && fd <= 0x7f_ff_ff_ff && Number.isInteger(fd)) return fd;
  throw new ArgumentError(
    `Cannot ${action} ${describe(descriptor)}: a descriptor is a whole number, 0 or more.\nGive the number, or what has it as 'fd'.`,
  );
}
