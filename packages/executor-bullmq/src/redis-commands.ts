import { Redis } from "ioredis";
import type { ConnectionErrors } from "./connection-errors.js";
import { cancelChannel, type CancelMessage } from "./message.js";
import type { QueuePlace } from "./queue-options.js";

/** A connection of ioredis's own, for what BullMQ has no call for. */
export function connect({ connection }: QueuePlace, errors: ConnectionErrors): Redis {
  const { url, ...options } = connection;
  const redis = url === undefined ? new Redis(options) : new Redis(url, options);
  errors.hear(redis);
  return redis;
}

/** What a submitter asks of Redis beside BullMQ. */
export class RedisCommands {
  readonly #redis: Redis;
  readonly #channel: string;

  constructor(place: QueuePlace, errors: ConnectionErrors) {
    this.#redis = connect(place, errors);
    this.#channel = cancelChannel(place.prefix, place.queue);
  }

  /** The time of Redis, in whole milliseconds. */
  async time(): Promise<number> {
    const [seconds, microseconds] = await this.#redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  /** Tells the workers of the queue to cancel a job; where Redis is away, whoever asks asks again. */
  tell(message: CancelMessage): void {
    this.#redis.publish(this.#channel, JSON.stringify(message)).catch(() => {});
  }

  close(): void {
    this.#redis.disconnect();
  }
}
