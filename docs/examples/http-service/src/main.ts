// An HTTP service until Ctrl-C. Both flavors meet here: fastify and undici are promise code, the comparison is structured.
import { openLoop } from "@trestle/bridge";
import { main, sleepForever, using, type Operation } from "@trestle/structured";
import { Agent } from "undici";
import { askPriceOver } from "./ask-price.js";
import { offersFor } from "./offers.js";
import { createService } from "./service.js";
import { serving } from "./serving.js";
import { readSettings } from "./settings.js";
import { openShops } from "./shops.js";

void main(function* (): Operation<number | void> {
  const { port, deadline, shops } = readSettings(process.argv.slice(2));
  const serve = (shops: readonly string[]): Operation<void> =>
    openLoop((loop) =>
      using(connections(), function* (agent): Operation<void> {
        const ask = askPriceOver(agent);
        const service = createService((item) => offersFor(item, shops, ask, deadline), loop);
        yield* serving(service, port, function* (address): Operation<void> {
          console.log(`Try ${address}/offers/spoon`);
          yield* sleepForever();
        });
      }),
    );
  try {
    yield* shops.length > 0 ? serve(shops) : openShops(console.log, serve);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    console.error(`Cannot serve: ${error.message}`);
    return 1;
  }
});

/** Undici's connections, kept for the next request and closed at the end. */
function connections(): Agent & AsyncDisposable {
  const agent = new Agent();
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}
