// Undici is of the loop flavor: it gives promises. `asStructured` makes a structured function of ours; where that is cancelled,
// the signal of its task aborts the request, and the connection is closed.
import { asStructured } from "@trestle/bridge";
import { currentTask } from "@trestle/loop";
import { request, type Dispatcher } from "undici";
import type { AskPrice } from "./offers.js";
import { ShopError } from "./shop-error.js";

/** Asks shops over HTTP: `GET shop/price/item` gives `{ "price": 12 }`. */
export function askPriceOver(dispatcher: Dispatcher): AskPrice {
  return asStructured(async (shop: string, item: string): Promise<number> => {
    const signal = currentTask()?.signal;
    try {
      const url = `${shop}/price/${encodeURIComponent(item)}`;
      const { statusCode, body } = await request(url, { dispatcher, signal });
      if (statusCode !== 200) {
        await body.dump();
        throw new ShopError(`status ${statusCode}`);
      }
      const { price } = (await body.json()) as { readonly price?: unknown };
      if (typeof price === "number") return price;
      throw new ShopError("an answer without a price");
    } catch (error) {
      if (signal?.aborted || error instanceof ShopError) throw error;
      throw new ShopError((error as NodeJS.ErrnoException).code ?? String(error), { cause: error });
    }
  });
}
