// Trestle, both and the bridge
import { asStructured, run } from "@trestle/bridge";
import { sleep } from "@trestle/loop";
import { failAfter, openNursery } from "@trestle/structured";

void run(() =>
  failAfter(1000, () =>
    openNursery(function* (nursery) {
      for (const ms of [10, 20, 30]) nursery.startSoon(asStructured(sleep), ms);
    }),
  ),
);
