// The fallback where there is no native part: readiness for reading, by a trick. Node's own stream handles read only into memory
// that they are given. One that is given none is told about each event that it has no room, and takes nothing.
//
// A handle is kept for each number that was ever watched, because closing it would close the descriptor. libuv ends the process
// for descriptors that it cannot watch, so each arming looks first what kind of file it is. It takes them in when the turn of the
// event loop ends: for one that was closed in the turn in which it was armed, without being disarmed, nothing can be done here.
import { fstatSync } from "node:fs";
import { constants } from "node:os";
import { READABLE, type Backend, type TakeEvent } from "./backend.js";
import type { Direction } from "./descriptor.js";
import { NativeMissingError } from "./native-missing-error.js";

/** What is used of a stream handle of Node. */
interface StreamHandle {
  open(fd: number): number;
  useUserBuffer(memory: Uint8Array): void;
  onread: () => void;
  readStart(): number;
  readStop(): number;
  ref(): void;
  unref(): void;
}

interface PipeBinding {
  readonly Pipe: new (kind: number) => StreamHandle;
}

/** A handle, and what its number is armed with. */
class NumberWatch {
  token = 0;
  readonly #handle: StreamHandle;

  constructor(handle: StreamHandle, fd: number, takeEvent: TakeEvent) {
    this.#handle = handle;
    handle.useUserBuffer(new Uint8Array(0));
    handle.onread = () => {
      handle.readStop();
      takeEvent(fd, this.token, READABLE);
    };
  }

  arm(token: number): number {
    this.token = token;
    // One that reads already refuses to start.
    this.#handle.readStop();
    return this.#handle.readStart();
  }

  disarm(): void {
    this.#handle.readStop();
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#handle.ref();
    else this.#handle.unref();
  }
}

const MEMORY_DEVICE = 1;

/** Opens the fallback; undefined where the host has no such handles. */
export function openStreamBackend(takeEvent: TakeEvent, why: string): Backend | undefined {
  const binding = pipeBinding();
  if (binding === undefined) return undefined;
  const watches = new Map<number, NumberWatch>();
  let isHeld = false;
  const watchOf = (fd: number): NumberWatch | number => {
    const known = watches.get(fd);
    if (known !== undefined) return known;
    const handle = new binding.Pipe(0);
    const status = handle.open(fd);
    if (status < 0) return status;
    const watch = new NumberWatch(handle, fd, takeEvent);
    watch.hold(isHeld);
    watches.set(fd, watch);
    return watch;
  };
  return {
    name: "stream",
    arm(fd, mask, token) {
      if (mask === 0) {
        watches.get(fd)?.disarm();
        return 0;
      }
      const status = checkKind(fd);
      if (status < 0) return status;
      const watch = watchOf(fd);
      return typeof watch === "number" ? watch : watch.arm(token);
    },
    require(direction: Direction, action: string) {
      if (direction === "writing") throw new NativeMissingError(action, why);
    },
    hold(held) {
      isHeld = held;
      for (const watch of watches.values()) watch.hold(held);
    },
    close() {
      for (const watch of watches.values()) watch.disarm();
    },
  };
}

/** A negative errno for what libuv cannot watch. */
function checkKind(fd: number): number {
  try {
    const status = fstatSync(fd);
    if (status.isFIFO() || status.isSocket()) return 0;
    const isMemory = status.isCharacterDevice() && status.rdev >> 8 === MEMORY_DEVICE;
    return status.isCharacterDevice() && !isMemory ? 0 : -constants.errno.EPERM;
  } catch (error) {
    return (error as { readonly errno?: number }).errno ?? -constants.errno.EBADF;
  }
}

/** Node's inner handles. Refused under `--permission`, and unknown to other hosts; those of Deno take no descriptors. */
function pipeBinding(): PipeBinding | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => unknown };
  const { platform, versions } = process;
  if (platform === "win32" || versions["bun"] !== undefined || versions["deno"] !== undefined)
    return undefined;
  try {
    return binding?.call(process, "pipe_wrap") as PipeBinding | undefined;
  } catch {
    return undefined;
  }
}
