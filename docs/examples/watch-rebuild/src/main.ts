// Where the program meets its process. It ends by Ctrl-C alone, and then everything that it has started has ended.
import { main, type Operation } from "trestle";
import { runCommand, textOf } from "./command.js";
import { rebuild } from "./rebuild.js";
import { readSettings } from "./settings.js";
import { watchFolders } from "./watch-folders.js";

void main(function* (): Operation<never> {
  const { folders, delay, grace, build, serve } = readSettings(process.argv.slice(2));
  return yield* watchFolders(folders, (changes) => {
    console.log(`Watching ${folders.join(", ")}, and building by: ${textOf(build)}`);
    return rebuild({
      changes,
      delay,
      build: () => runCommand(build, grace),
      serve: serve === undefined ? undefined : () => runCommand(serve, grace),
      say: (line) => console.log(line),
    });
  });
});
