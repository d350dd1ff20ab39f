// The native part, as JavaScript sees it; `native/binding.c` is the other side. It is loaded when it is first needed, from the
// file for this platform that the package brings along.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What stands for a watcher of the native part. */
interface WatcherHandle {
  readonly kind: unique symbol;
}

/** The native part. What fails gives a negative number, the errno. */
export interface Addon {
  /** Opens a set of interests. @param callback gets the events, three numbers each: descriptor, token, what it is ready for */
  open(
    callback: (count: number, events: Int32Array) => void,
    isThreaded: boolean,
  ): WatcherHandle | number;
  /** Arms a descriptor for one event; gives 1 where the set did not know it. A mask of 0 disarms it. */
  arm(handle: WatcherHandle, fd: number, mask: number, token: number): number;
  /** Says whether the set keeps the process alive. */
  hold(handle: WatcherHandle, isHeld: boolean): void;
  close(handle: WatcherHandle): void;
  pipe(): [readingEnd: number, writingEnd: number] | number;
  socketPair(): [number, number] | number;
  isBlocking(fd: number): number;
  setBlocking(fd: number, isBlocking: boolean): number;
  read(fd: number, bytes: Uint8Array): number;
  write(fd: number, bytes: Uint8Array): number;
  /** Closes what it has opened: Node's own call warns in a worker of a descriptor that Node has not opened there. */
  closeDescriptor(fd: number): number;
  /** The hash of the sources that it was built from. */
  readonly sourceHash: string;
}

/** Why there is no native part. */
export interface Absence {
  readonly why: string;
}

let found: Addon | Absence | undefined;

/** Gives the native part, or why there is none. */
export function findAddon(): Addon | Absence {
  found ??= load();
  return found;
}

/** Whether there is a native part. */
export function isAddon(found: Addon | Absence): found is Addon {
  return !("why" in found);
}

function load(): Addon | Absence {
  if (process.versions["deno"] !== undefined) return { why: "Deno has its own descriptors" };
  const target = `${process.platform}-${process.arch}`;
  try {
    // The package finds itself by its name, from its sources and from both of its builds.
    const require = createRequire(ownFile());
    const folder = path.dirname(require.resolve("@trestle/io/package.json"));
    const file = path.join(folder, "prebuilds", target, "readiness.node");
    if (!existsSync(file)) return { why: `the package has none for ${target}` };
    return require(file) as Addon;
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** The CommonJS build has no URL. A global `__filename`, which a program from a text has, says nothing about this file. */
function ownFile(): string {
  const { url } = import.meta as Partial<ImportMeta>;
  return url === undefined ? __filename : fileURLToPath(url);
}
