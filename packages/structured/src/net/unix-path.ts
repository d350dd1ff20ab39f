import { ArgumentError, describe } from "@trestle/host";

const LONGEST_ON_LINUX = 107;
const LONGEST_ELSEWHERE = 103;

/** Throws ArgumentError for what cannot be the path of a Unix socket. Node cuts a path that is too long, and uses another. */
export function requireUnixPath(path: unknown, action: string): asserts path is string {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError(`Cannot ${action} ${describe(path)}: the path of a socket is wanted.`);
  }
  const longest = process.platform === "linux" ? LONGEST_ON_LINUX : LONGEST_ELSEWHERE;
  if (process.platform === "win32" || Buffer.byteLength(path) <= longest) return;
  throw new ArgumentError(
    `Cannot ${action} ${describe(path)}: the path of a socket has at most ${longest} bytes, and this one ${Buffer.byteLength(path)}.`,
  );
}
