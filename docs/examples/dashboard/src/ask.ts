import { abortable, type Operation } from "@trestle/structured";

/** Asks by `fetch`, which a cancellation aborts; gives the status. @throws TypeError where there is no answer */
export function ask(url: string): Operation<number> {
  return abortable(async (signal) => {
    const response = await fetch(url, { signal, redirect: "manual" });
    // A body that nobody reads would keep its connection busy.
    await response.body?.cancel();
    return response.status;
  });
}
