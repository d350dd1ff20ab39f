// Trio's own figures, for rows that it has too: another language on another virtual machine, so they say what its users are used
// to, and little about the libraries.
import { execFileSync } from "node:child_process";
import path from "node:path";

/** What was measured in Python; why not, where it could not be. */
export type TrioFigures =
  | {
      readonly python: string;
      readonly trio: string;
      /** Nanoseconds for one, by the name of the row. */
      readonly rows: Readonly<Record<string, number>>;
      /** undefined where the package is not there. */
      readonly trioAsyncio: string | undefined;
    }
  | { readonly missing: string };

const program = path.resolve(import.meta.dirname, "..", "python", "trio_rows.py");

/** Asks a Python. */
export function trioFigures(python = process.env["TRESTLE_PYTHON"] ?? "python3"): TrioFigures {
  try {
    const output = execFileSync(python, [program], { encoding: "utf8", stdio: "pipe" });
    return JSON.parse(output) as TrioFigures;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { missing: code === "ENOENT" ? `there is no ${python} here` : `${python} has no Trio` };
  }
}
