import { platformHost } from "@trestle/host";
import type { Addon } from "./addon.js";
import type { Direction } from "./descriptor.js";

/** What a descriptor can be ready for, as the native part counts it. */
export const READABLE = 1;
export const WRITABLE = 2;

/** What takes an event: the descriptor, the token that it was armed with, and a mask of what it is ready for. */
export type TakeEvent = (fd: number, token: number, ready: number) => void;

/** What watches descriptors. Each arming is good for one event. */
export interface Backend {
  readonly name: BackendName;
  /**
   * Arms a descriptor for one event, in place of what it was armed for; a mask of 0 disarms it.
   *
   * @param token comes back with the event
   * @returns a negative errno where it fails; 1 where the descriptor is known not to be the one that was armed by this number before; else 0
   */
  arm(fd: number, mask: number, token: number): number;
  /** Throws NativeMissingError where it cannot watch in a direction. */
  require?(direction: Direction, action: string): void;
  /** Says whether the process is kept alive. */
  hold(isHeld: boolean): void;
  /** Ends it. */
  close(): void;
}

/** "poll" and "thread" are the native part's; "stream" is the fallback, which watches for reading only. */
export type BackendName = "poll" | "thread" | "stream";

/** Opens the native part's way to watch. @returns a negative errno where it fails */
export function openNativeBackend(
  addon: Addon,
  name: "poll" | "thread",
  takeEvent: TakeEvent,
): Backend | number {
  const host = platformHost();
  const take = (count: number, events: Int32Array): void => deliver(takeEvent, count, events, 0);
  const handle = addon.open((count, events) => {
    if (host.inCallback === undefined) take(count, events);
    else host.inCallback(() => take(count, events));
  }, name === "thread");
  if (typeof handle === "number") return handle;
  return {
    name,
    arm: (fd, mask, token) => addon.arm(handle, fd, mask, token),
    hold: (isHeld) => addon.hold(handle, isHeld),
    close: () => addon.close(handle),
  };
}

// An error in one must not cost the others their events.
function deliver(takeEvent: TakeEvent, count: number, events: Int32Array, from: number): void {
  let at = from;
  try {
    while (at < count) {
      const first = 3 * at++;
      takeEvent(events[first] as number, events[first + 1] as number, events[first + 2] as number);
    }
  } finally {
    if (at < count) deliver(takeEvent, count, events, at);
  }
}
