import { fromPromise, using, type Operation } from "@trestle/structured";
import type { FastifyInstance } from "fastify";

/**
 * Runs a body while a server listens on this machine, and closes it afterwards, with its connections.
 *
 * @param body gets the server's address, such as `http://127.0.0.1:3000`
 */
export function serving<T>(
  server: FastifyInstance,
  port: number,
  body: (address: string) => Operation<T>,
): Operation<T> {
  return using(server, function* (): Operation<T> {
    return yield* body(yield* fromPromise(server.listen({ host: "127.0.0.1", port })));
  });
}
