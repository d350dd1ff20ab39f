// The server or the client, until Ctrl-C. Either way all sockets are closed by agreement before the program ends.
import { main, type Operation } from "@trestle/structured";
import { followFeed } from "./follow-feed.js";
import { serveFeed } from "./serve-feed.js";
import { readSettings } from "./settings.js";

void main(function* (): Operation<number | void> {
  const settings = readSettings(process.argv.slice(2));
  if (settings.kind === "follow") return yield* followFeed(settings.url, settings, console.log);
  try {
    const { host } = settings;
    const listening = (port: number): void => console.log(`Serving at ws://${host}:${port}`);
    yield* serveFeed(settings, listening, console.log);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    console.error(`Cannot serve: ${error.message}`);
    return 1;
  }
});
