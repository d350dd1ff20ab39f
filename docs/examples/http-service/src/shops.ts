// Three shops, for those who have none at hand: one is quick, one is slow, and one never answers.
import { setTimeout as pause } from "node:timers/promises";
import { fastify, type FastifyInstance } from "fastify";
import type { Operation } from "@trestle/structured";
import { serving } from "./serving.js";

interface Shop {
  readonly price: number;
  /** How long it takes to answer. */
  readonly ms: number;
}

const QUICK: Shop = { price: 12, ms: 20 };
const SLOW: Shop = { price: 10, ms: 200 };
const NEVER: Shop = { price: 1, ms: 2 ** 31 - 1 };

/** Runs a body while the three are open. `say` is told when somebody goes away without an answer. */
export function openShops<T>(
  say: (what: string) => void,
  body: (shops: readonly string[]) => Operation<T>,
): Operation<T> {
  return serving(open(QUICK, say), 0, (quick) =>
    serving(open(SLOW, say), 0, (slow) =>
      serving(open(NEVER, say), 0, (never) => body([quick, slow, never])),
    ),
  );
}

function open({ price, ms }: Shop, say: (what: string) => void): FastifyInstance {
  const shop = fastify({ forceCloseConnections: true });
  shop.get("/price/:item", async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    try {
      await pause(ms, undefined, { signal: gone.signal });
    } catch {
      say(`A client of ${request.host} has gone without an answer.`);
    }
    return { price };
  });
  return shop;
}
