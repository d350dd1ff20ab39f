// Fastify is of the loop flavor too: its handlers give promises. `asLoop` makes such a handler of a structured function.
import { asLoop, type StructuredEventLoop } from "@trestle/bridge";
import { fastify, type FastifyInstance } from "fastify";
import type { Offers } from "./offers.js";
import type { Operation } from "@trestle/structured";

/** Makes the service: `GET /offers/ITEM`. It does not listen yet. */
export function createService(
  compare: (item: string) => Operation<Offers>,
  loop: StructuredEventLoop,
): FastifyInstance {
  const service = fastify({ forceCloseConnections: true });
  // Fastify calls back from outside of any loop, so the loop is named.
  const comparing = asLoop(compare, { loop });
  service.get<{ Params: { item: string } }>("/offers/:item", (request, reply) => {
    const offers = comparing(request.params.item);
    // Answered, or gone: a Future that is done does not mind.
    reply.raw.once("close", () => offers.cancel());
    return offers;
  });
  return service;
}
