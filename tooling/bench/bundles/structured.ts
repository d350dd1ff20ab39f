// Trestle, structured
import { failAfter, openNursery, run, sleep } from "@trestle/structured";

void run(() =>
  failAfter(1000, () =>
    openNursery(function* (nursery) {
      for (const ms of [10, 20, 30]) nursery.startSoon(sleep, ms);
    }),
  ),
);
