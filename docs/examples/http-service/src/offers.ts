// What the service does, in structured code: ask all shops at once, and take what has come when the time is over. Whoever has not
// answered by then is cancelled, and so are all where nobody wants the answer any more.
import { moveOnAfter, openNursery, type Operation } from "@trestle/structured";
import { ShopError } from "./shop-error.js";

/** Asks a shop for its price. @throws ShopError */
export type AskPrice = (shop: string, item: string) => Operation<number>;

/** What came of a comparison. */
export interface Offers {
  readonly item: string;
  /** The cheapest first. */
  readonly offers: readonly { readonly shop: string; readonly price: number }[];
  /** Shops that have no price, with the reason. */
  readonly without: readonly { readonly shop: string; readonly why: string }[];
}

/** Compares the prices of an item, within so many milliseconds. */
export function* offersFor(
  item: string,
  shops: readonly string[],
  ask: AskPrice,
  ms: number,
): Operation<Offers> {
  const prices = new Map<string, number>();
  const reasons = new Map<string, string>();

  function* askOne(shop: string): Operation<void> {
    try {
      prices.set(shop, yield* ask(shop, item));
    } catch (error) {
      if (!(error instanceof ShopError)) throw error;
      reasons.set(shop, error.message);
    }
  }

  yield* moveOnAfter(ms, () =>
    openNursery(function* (nursery): Operation<void> {
      for (const shop of shops) nursery.startSoon(askOne, shop);
    }),
  );

  const offers = [...prices].map(([shop, price]) => ({ shop, price }));
  const without = shops
    .filter((shop) => !prices.has(shop))
    .map((shop) => ({ shop, why: reasons.get(shop) ?? `no answer within ${ms} ms` }));
  return { item, offers: offers.toSorted((a, b) => a.price - b.price), without };
}
