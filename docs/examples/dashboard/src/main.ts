// A dashboard on a terminal; elsewhere, lines. Either way Ctrl-C ends it, and the terminal is as it was.
import { main, openNursery, type Operation } from "@trestle/structured";
import { ask } from "./ask.js";
import { dashboard } from "./dashboard.js";
import { Monitor } from "./monitor.js";
import { readSettings } from "./settings.js";
import { watch } from "./watch.js";

void main(function* (): Operation<void> {
  const { urls, pace } = readSettings(process.argv.slice(2));
  const monitors = urls.map((url) => new Monitor(url));
  if (process.stdin.isTTY && process.stdout.isTTY) {
    yield* dashboard(monitors, pace, ask, {
      input: process.stdin,
      output: process.stdout,
      interrupt: () => process.kill(process.pid, "SIGINT"),
    });
    return;
  }
  yield* openNursery(function* (nursery): Operation<void> {
    for (const monitor of monitors) {
      nursery.startSoon(watch, monitor, ask, pace, ({ url }, { answer, ms }) =>
        console.log(`${url}  ${answer}  ${ms} ms`),
      );
    }
  });
});
