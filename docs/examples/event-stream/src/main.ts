// Reads an event stream, with deadlines.
import { openLoop } from "@trestle/bridge";
import { main, TooSlowError, type Operation } from "@trestle/structured";
import { demoServer } from "./demo-server.js";
import { readAloud } from "./read-aloud.js";
import { readSettings } from "./settings.js";

void main(function* (): Operation<number> {
  const { url, ...limits } = readSettings(process.argv.slice(2));
  const read = (url: string): Operation<void> =>
    openLoop(() => readAloud(url, limits, console.log));
  try {
    yield* url === undefined ? demoServer(console.log, read) : read(url);
    return 0;
  } catch (error) {
    if (!(error instanceof TooSlowError)) throw error;
    console.error(error.message);
    return 1;
  }
});
