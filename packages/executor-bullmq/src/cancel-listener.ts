import type { Redis } from "ioredis";
import type { ConnectionErrors } from "./connection-errors.js";
import { cancelChannel, type CancelMessage } from "./message.js";
import type { QueuePlace } from "./queue-options.js";
import { connect } from "./redis-commands.js";

/** Hears which jobs submitters want cancelled, over a connection of its own, as a subscription needs. */
export class CancelListener {
  /** Ends when it listens. */
  readonly ready: Promise<void>;
  readonly #redis: Redis;

  /** @param onCancel called with the identifier of a job, which may be another worker's, and why it is cancelled */
  constructor(
    place: QueuePlace,
    errors: ConnectionErrors,
    onCancel: (id: string, reason: string | undefined) => void,
  ) {
    this.#redis = connect(place, errors);
    this.#redis.on("message", (_channel: string, text: string) => {
      const message = read(text);
      if (message !== undefined) onCancel(message.id, message.reason);
    });
    // After the connection was lost ioredis subscribes again by itself.
    this.ready = this.#redis.subscribe(cancelChannel(place.prefix, place.queue)).then(() => {});
    this.ready.catch(() => {});
  }

  close(): void {
    this.#redis.disconnect();
  }
}

/** Anybody can write to a channel: what is no message of ours says nothing. */
function read(text: string): CancelMessage | undefined {
  try {
    const { id, reason } = JSON.parse(text) as Partial<CancelMessage>;
    if (typeof id === "string")
      return { id, reason: typeof reason === "string" ? reason : undefined };
  } catch {
    // Not ours.
  }
  return undefined;
}
