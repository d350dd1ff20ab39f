// Effection
import { all, race, run, sleep, type Operation } from "effection";

void run(function* (): Operation<void> {
  yield* race([all([10, 20, 30].map((ms) => sleep(ms))), tooLate()]);
});

function* tooLate(): Operation<never> {
  yield* sleep(1000);
  throw new Error("too late");
}
