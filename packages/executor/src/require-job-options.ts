import { ArgumentError, describe } from "@trestle/host";
import type { JobOptions } from "./job.js";

const waysOut: readonly unknown[] = ["wait", "cooperative", "abandon"];

/** Throws ArgumentError for options that nothing can be done with. */
export function requireJobOptions(options: JobOptions): void {
  const { onCancel, signal, transfer, host, onHostCall, limiter } = options;
  if (!isOnCancel(onCancel)) {
    throw wrong("onCancel", onCancel, `"wait", "cooperative", "abandon" or { terminateAfterMs }`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw wrong("signal", signal, "an AbortSignal");
  if (transfer !== undefined && !Array.isArray(transfer))
    throw wrong("transfer", transfer, "an array");
  if (host !== undefined && (typeof host !== "object" || host === null))
    throw wrong("host", host, "an object of functions");
  if (onHostCall !== undefined && typeof onHostCall !== "function")
    throw wrong("onHostCall", onHostCall, "a function");
  if (limiter !== undefined && !isLimiter(limiter))
    throw wrong("limiter", limiter, "a JobLimiter, or something with 'acquire' and 'release'");
}

function isOnCancel(onCancel: unknown): boolean {
  if (onCancel === undefined || waysOut.includes(onCancel)) return true;
  const { terminateAfterMs: ms } = (onCancel ?? {}) as { readonly terminateAfterMs?: unknown };
  return typeof ms === "number" && ms >= 0 && ms < Number.POSITIVE_INFINITY;
}

/** Whether this can hand out tokens. */
export function isLimiter(limiter: unknown): boolean {
  const { acquire, release } = (limiter ?? {}) as {
    readonly acquire?: unknown;
    readonly release?: unknown;
  };
  return typeof acquire === "function" && typeof release === "function";
}

function wrong(option: string, value: unknown, wanted: string): ArgumentError {
  return new ArgumentError(
    `Cannot submit a job with '${option}' ${describe(value)}: ${wanted} is wanted.`,
  );
}
