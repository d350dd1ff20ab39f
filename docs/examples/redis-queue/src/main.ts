// Workers on one queue. Ctrl-C ends them, and what they were at goes back into the queue.
import { openLoop } from "@trestle/bridge";
import { main, openNursery, type Operation } from "@trestle/structured";
import { withConnection } from "./connection.js";
import { perform } from "./perform.js";
import { add } from "./queue.js";
import { readSettings, type Settings } from "./settings.js";
import { NoRedisError, temporaryRedis } from "./temporary-redis.js";
import { work } from "./work.js";

void main(function* (): Operation<number | void> {
  const settings = readSettings(process.argv.slice(2));
  try {
    if (settings.redis === undefined) yield* temporaryRedis((at) => workAll(at, settings));
    else yield* workAll(settings.redis, settings);
  } catch (error) {
    const isExpected =
      error instanceof NoRedisError || (error instanceof Error && "syscall" in error);
    if (!isExpected) throw error;
    console.error(error.message);
    return 1;
  }
});

function workAll(at: string, { jobs, workers, deadline, idle, name }: Settings): Operation<void> {
  return openLoop(() =>
    withConnection(at, function* (redis): Operation<void> {
      yield* add(
        redis,
        Array.from({ length: jobs }, (_, i) => `nap ${(i * 70) % 200}`),
      );
      yield* openNursery(function* (nursery): Operation<void> {
        const limits = { idle, job: deadline };
        for (let n = 1; n <= workers; n++) {
          nursery.startSoon(work, `${name}-${n}`, at, redis, perform, limits, console.log);
        }
      });
    }),
  );
}
