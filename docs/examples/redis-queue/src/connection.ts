import { fromPromise, type Operation } from "@trestle/structured";
import { Redis } from "ioredis";

/**
 * Runs a body with a connection, and closes it afterwards, at once.
 *
 * @param at the address of a server, such as `redis://localhost:6379`, or the path of its socket
 * @throws Error where the server cannot be reached
 */
export function* withConnection<T>(at: string, body: (redis: Redis) => Operation<T>): Operation<T> {
  // It is not to connect again by itself: what is to happen then is ours to say.
  const redis = new Redis(at, { lazyConnect: true, retryStrategy: () => null });
  // It tells here what is wrong; its promises say only that the connection is closed.
  let wrong: Error | undefined;
  redis.on("error", (error) => (wrong = error));
  try {
    yield* fromPromise(redis.connect().catch((error: unknown) => Promise.reject(wrong ?? error)));
    return yield* body(redis);
  } finally {
    redis.disconnect();
  }
}
