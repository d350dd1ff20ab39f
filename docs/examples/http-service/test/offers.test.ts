import { moveOnAfter, run, sleep, sleepForever, type Operation } from "@trestle/structured";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { offersFor, type AskPrice } from "../src/offers.js";
import { ShopError } from "../src/shop-error.js";

const asking = (log: (what: string) => void): AskPrice =>
  function* ask(shop, item): Operation<number> {
    try {
      log(`ask ${shop} for ${item}`);
      if (shop === "never") yield* sleepForever();
      yield* sleep(shop.length * 10);
      if (shop === "closed") throw new ShopError("status 503");
      return 100 - shop.length;
    } finally {
      log(`done with ${shop}`);
    }
  };

test("asks all shops at once, and takes what has come when the time is over", async () => {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const shops = ["quick", "never", "closed", "slowly"];
  expect(await run(() => offersFor("spoon", shops, asking(trace.log), 500), { host })).toEqual({
    item: "spoon",
    offers: [
      { shop: "slowly", price: 94 },
      { shop: "quick", price: 95 },
    ],
    without: [
      { shop: "never", why: "no answer within 500 ms" },
      { shop: "closed", why: "status 503" },
    ],
  });
  expect(trace.entries).toEqual([
    ...shops.map((shop) => [0, `ask ${shop} for spoon`]),
    [50, "done with quick"],
    [60, "done with closed"],
    [60, "done with slowly"],
    [500, "done with never"],
  ]);
});

test("does not wait for the deadline when all have answered", async () => {
  const host = new VirtualHost();
  await run(
    () =>
      offersFor(
        "spoon",
        ["quick"],
        asking(() => {}),
        500,
      ),
    { host },
  );
  expect(host.now()).toBe(50);
});

test("a cancellation from outside ends all requests, and goes on", async () => {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const main = () => moveOnAfter(10, () => offersFor("spoon", ["never"], asking(trace.log), 500));
  expect(await run(main, { host })).toMatchObject({ cancelledCaught: true });
  expect(trace.messages.at(-1)).toBe("done with never");
});
