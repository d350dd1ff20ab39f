import type { PathLike } from "node:fs";
import { open } from "node:fs/promises";
import type { Operation } from "@trestle/structured";
import { AsyncFile } from "./async-file.js";
import { FileBytes } from "./file-bytes.js";
import { fileWork } from "./file-work.js";

/** How a file is opened. */
export interface OpenFileOptions {
  /** As Node has them: "r" to read, which it is unless given, "w" to write anew, "a" to append, with "+" for both; "x" must not be there. */
  readonly flags?: string;
  /** What a file that is made may be used for, before the mask of the process; 0o666 unless given. */
  readonly mode?: number;
}

/**
 * Opens a file. Close it by `aclose`, or let `using` do that.
 *
 * Waits until it is open; cancelled meanwhile, the file is given nevertheless, so that it can be closed. Source: Trio's `open_file`.
 * Flavor: structured.
 *
 * @param path where it is
 * @throws what the operating system says, as Node has it: `code` "ENOENT" and the like
 * @example
 * ```ts
 * import { run, using } from "@trestle/structured";
 * import { openFile } from "@trestle/io/structured";
 *
 * await run(() =>
 *   using(openFile("notes.txt", { flags: "a+" }), function* (file) {
 *     yield* file.write("one more line\n");
 *     yield* file.seek(0);
 *     yield* file.eachLine(function* (line) {
 *       console.log(line);
 *     });
 *   }),
 * );
 * ```
 */
export function* openFile(path: PathLike, options: OpenFileOptions = {}): Operation<AsyncFile> {
  const { flags = "r", mode } = options;
  return yield* fileWork(async () => {
    const handle = await open(path, flags, mode);
    try {
      const isPositioned = (await handle.stat()).isFile();
      const bytes = new FileBytes(handle, isPositioned, flags.includes("a"));
      return new AsyncFile(handle, bytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}
