// A program of a user's, for whichever runtime, module format and compiler.
import { sleep as pause } from "@trestle/loop";
import { asStructured, moveOnAfter, openNursery, run, sleep, type Operation } from "trestle";
import { run as runLoop } from "trestle/loop";
import { currentFlavor } from "trestle/bridge";
import { VirtualHost } from "trestle/testing";

const load = asStructured(async (text: string): Promise<string> => {
  await pause(1);
  return `${text} from ${currentFlavor() === "loop" ? "async" : "strange"} code`;
});

function* main(): Operation<void> {
  let ended = 0;
  const host = new VirtualHost();
  yield* asStructured(
    run(
      () =>
        openNursery(function* (nursery) {
          for (const ms of [10, 20, 20]) {
            nursery.startSoon(function* () {
              yield* sleep(ms);
              ended += 1;
            });
          }
        }),
      { host },
    ),
  );
  console.log(`${ended} tasks in ${host.now()} ms of virtual time`);
  console.log(yield* load("a value"));
  const { cancelledCaught } = yield* moveOnAfter(5, () => asStructured(pause)(60_000));
  console.log(`cancelled: ${cancelledCaught}`);
}

void runLoop(async () => {
  await pause(1);
}).then(() => run(main));
