import { ArgumentError, describe, type Host } from "@trestle/host";
import type { RedisOptions } from "bullmq";
import type { SharedModules } from "./module-names.js";

/** Where a queue is, and what goes through it: the same for those who submit jobs and those who run them. */
export interface BullQueueOptions {
  /** The name of the queue, without colons. */
  readonly queue: string;
  /** Redis or Valkey: a URL such as "redis://127.0.0.1:6379", or the options of ioredis. */
  readonly connection: string | RedisOptions;
  /** The modules whose functions may be called, each under a name that both sides use. */
  readonly modules: SharedModules;
  /** What all keys begin with; "bull" unless given. */
  readonly prefix?: string | undefined;
  /**
   * Called with each failure of a connection. They are tried again for as long as it takes, so nothing is lost by ignoring them;
   * unless given, the first one is a warning of the process.
   */
  readonly onConnectionError?: ((error: Error) => void) | undefined;
  /** The clock; that of the platform unless given. */
  readonly host?: Host | undefined;
}

/** What BullMQ's classes want of them. */
export interface QueuePlace {
  readonly queue: string;
  readonly prefix: string;
  readonly connection: RedisOptions;
}

/** @throws ArgumentError */
export function queuePlace(options: BullQueueOptions, action: string): QueuePlace {
  const { queue, connection, prefix = "bull" } = options;
  for (const [field, name] of Object.entries({ queue, prefix })) {
    if (typeof name === "string" && name !== "" && !name.includes(":")) continue;
    throw new ArgumentError(
      `Cannot ${action}: '${field}' is ${describe(name)}, and a name without colons is wanted.`,
    );
  }
  const isUrl = typeof connection === "string";
  if (!isUrl && (typeof connection !== "object" || connection === null)) {
    throw new ArgumentError(
      `Cannot ${action}: 'connection' is ${describe(connection)}.\nGive a URL such as "redis://127.0.0.1:6379", or the options of ioredis.`,
    );
  }
  return {
    queue,
    prefix,
    // A command waits until Redis is back, instead of failing after some tries.
    connection: {
      ...(isUrl ? { url: connection } : connection),
      maxRetriesPerRequest: null,
    },
  };
}

/** @throws ArgumentError for what is no duration in milliseconds above 0 */
export function checkDuration(ms: number, field: string, action: string): number {
  if (typeof ms === "number" && ms > 0 && Number.isFinite(ms)) return ms;
  throw new ArgumentError(
    `Cannot ${action}: '${field}' is ${describe(ms)}, and milliseconds above 0 are wanted.`,
  );
}

/** @throws ArgumentError for what is no whole number, or is below the least */
export function checkCount(count: number, least: number, field: string, action: string): number {
  if (Number.isInteger(count) && count >= least) return count;
  throw new ArgumentError(
    `Cannot ${action}: '${field}' is ${describe(count)}, and a whole number, ${least} or more, is wanted.`,
  );
}
