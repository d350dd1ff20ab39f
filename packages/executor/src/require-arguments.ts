import { ArgumentError, describe } from "@trestle/host";

/** Throws ArgumentError for what is no list of arguments. @param action "submit" or "block for" */
export function requireArguments(args: unknown, action: string): void {
  if (Array.isArray(args)) return;
  throw new ArgumentError(
    `Cannot ${action} a job with the arguments ${describe(args)}: a list is wanted.\nGive them as \`[one, two]\`.`,
  );
}
