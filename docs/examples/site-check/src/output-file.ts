// A file that the report is written into. It is there as a whole or not at all: the report is written beside it, and gets its name
// when that is done. A cancellation before leaves nothing, neither a file nor the process that compresses.
import { runProcess, Path } from "@trestle/io/structured";
import { CancelScope, type Operation } from "@trestle/structured";
import { UsageError } from "./arguments.js";

/**
 * Looks whether a file can be written there, before anything is done that would be lost.
 *
 * @throws UsageError where it cannot
 */
export function* checkOutputFile(file: string): Operation<void> {
  const place = new Path(file);
  if (!(yield* place.parent.isFolder())) {
    throw new UsageError(
      `Cannot write "${file}": there is no folder "${String(place.parent)}".\nMake it, or name a file in another one.`,
    );
  }
  // What is there is replaced. That would be wrong for a device, and for a link, which leads to another file.
  if ((yield* place.exists()) && !(yield* place.lstat()).isFile()) {
    throw new UsageError(
      `Cannot write "${file}": it is there, and no ordinary file.\nName a file.`,
    );
  }
}

/**
 * Writes a text into a file, which it replaces; compressed, where the name of the file ends with `.gz`.
 *
 * @throws ProcessStartError or ProcessFailedError where it cannot be compressed; the system's errors
 */
export function* writeOutputFile(file: string, text: string): Operation<void> {
  const bytes = new TextEncoder().encode(text);
  const content = file.endsWith(".gz") ? yield* compress(bytes) : bytes;
  const part = new Path(`${file}.${process.pid}.part`);
  try {
    yield* part.writeBytes(content);
    yield* part.rename(file);
  } catch (error) {
    yield* new CancelScope({ shield: true }).run(() => part.unlink({ missingOk: true }));
    throw error;
  }
}

/** Compresses in a child process. Where this is cancelled, the process is ended first. */
function* compress(bytes: Uint8Array): Operation<Uint8Array> {
  const { stdout } = yield* runProcess(["gzip", "-n"], {
    stdin: bytes,
    captureStdout: true,
    // Ctrl-C on a terminal is for this program, which ends the other one.
    processGroup: true,
    gracePeriod: 1000,
  });
  return stdout ?? new Uint8Array();
}
