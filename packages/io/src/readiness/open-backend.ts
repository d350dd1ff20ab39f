import { findAddon, isAddon } from "./addon.js";
import { openNativeBackend, type Backend, type TakeEvent } from "./backend.js";
import { errorOf } from "./descriptor-errors.js";
import { NativeMissingError } from "./native-missing-error.js";
import { openStreamBackend } from "./stream-backend.js";

/**
 * Opens the best way to watch descriptors that there is here.
 *
 * @throws NativeMissingError where there is none; DescriptorError where the operating system has no room for one more
 */
export function openBackend(takeEvent: TakeEvent, action: string): Backend {
  const addon = findAddon();
  if (isAddon(addon)) {
    const opened = openNativeBackend(addon, canNest() ? "poll" : "thread", takeEvent);
    if (typeof opened === "number") throw errorOf(action, opened);
    return opened;
  }
  const fallback = openStreamBackend(takeEvent, addon.why);
  if (fallback === undefined) throw new NativeMissingError(action, addon.why);
  return fallback;
}

/** Whether the host's loop can watch a set of descriptors. Bun ends the process when its loop is asked to. */
function canNest(): boolean {
  return process.platform === "linux" && process.versions["bun"] === undefined;
}
