// What the operating system says about a descriptor, as errors: the one place where its numbers become ours.
import { getSystemErrorName } from "node:util";
import { TrestleError } from "@trestle/host";

/** The operating system refused something that was asked of a descriptor. */
export class DescriptorError extends TrestleError {
  static override readonly code = "TRESTLE_DESCRIPTOR";
  /** The operating system's name of what was wrong: "ENOSPC". */
  readonly errno: string;

  /** @internal */
  constructor(action: string, errno: string) {
    super(
      "DescriptorError",
      new.target.code,
      `Cannot ${action}: the operating system says ${errno}.`,
    );
    this.errno = errno;
  }
}

/** There is no open file of that number: it was closed already, or never open. */
export class BadDescriptorError extends TrestleError {
  static override readonly code = "TRESTLE_BAD_DESCRIPTOR";
  readonly errno = "EBADF";

  /** @internal */
  constructor(action: string) {
    super(
      "BadDescriptorError",
      new.target.code,
      `Cannot ${action}: there is no open file of that number.\n` +
        "Open it before, and call 'notifyClosing' before it is closed.",
    );
  }
}

/** The descriptor is of a regular file or a folder, which the operating system takes for ready at all times. */
export class NotWatchableError extends TrestleError {
  static override readonly code = "TRESTLE_NOT_WATCHABLE";
  readonly errno = "EPERM";

  /** @internal */
  constructor(action: string) {
    super(
      "NotWatchableError",
      new.target.code,
      `Cannot ${action}: regular files and folders cannot be waited for.\n` +
        "Read and write them through 'openFile' of @trestle/io/structured, or with 'node:fs'.",
    );
  }
}

/** Makes the error for a call that has failed. @param status -errno */
export function errorOf(
  action: string,
  status: number,
): DescriptorError | BadDescriptorError | NotWatchableError {
  const errno = getSystemErrorName(status);
  if (errno === "EBADF") return new BadDescriptorError(action);
  if (errno === "EPERM") return new NotWatchableError(action);
  return new DescriptorError(action, errno);
}
