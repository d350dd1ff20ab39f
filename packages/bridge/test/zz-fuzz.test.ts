import { allTasks, sleep, taskGroup, CancelledError, timeout, TimeoutError } from "@trestle/loop";
import {
  CancelScope,
  openNursery,
  sleep as ssleep,
  isCancelled,
  type Operation,
} from "@trestle/structured";
import { expect, test } from "vitest";
import { asLoop, asStructured } from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

function rng(seed: number) {
  let s = (seed * 2654435761) % 4294967296;
  return () => {
    s = (s * 1664525 + 1013904223) % 4294967296;
    return s / 4294967296;
  };
}

class Boom extends Error {}
test("fuzz", { timeout: 600000 }, async () => {
  const bad: string[] = [];
  for (let seed = 1; seed <= 4000; seed++) {
    const r = rng(seed);
    const pick = (n: number) => Math.floor(r() * n);
    let openCount = 0;
    const { run } = virtualBridge();
    const str = (d: number): (() => Operation<unknown>) => {
      const k = d <= 0 ? pick(3) : pick(10);
      const a = pick(6);
      switch (k) {
        case 0:
          return () => ssleep(a);
        case 1:
          return () => asStructured(sleep)(a);
        case 2:
          return function* () {
            if (r() < 0.15) throw new Boom("s");
            yield* ssleep(1);
          };
        case 3: {
          const inner = str(d - 1);
          const ms = pick(12);
          const sh = r() < 0.2;
          return () => new CancelScope({ relativeDeadline: ms, shield: sh }).run(inner);
        }
        case 4: {
          const xs = [str(d - 1), str(d - 1)];
          return () =>
            openNursery(function* (n) {
              for (const x of xs) n.startSoon(x);
              yield* ssleep(1);
            });
        }
        case 5: {
          const inner = str(d - 1);
          const b = pick(4);
          return () =>
            asStructured({
              async enter() {
                await sleep(b);
                openCount++;
                return 1;
              },
              async exit() {
                openCount--;
                await sleep(a);
              },
            }).hold(inner);
        }
        case 6: {
          const inner = str(d - 1);
          const c = lp(d - 1);
          return () =>
            asStructured({ hold: taskGroup }).hold(function* (g) {
              void g.createTask(c);
              return yield* inner();
            });
        }
        case 7: {
          const inner = str(d - 1);
          const step = lp(d - 1);
          return () =>
            asStructured(async function* () {
              openCount++;
              try {
                for (let i = 0; i < 3; i++) {
                  await step();
                  yield i;
                }
              } finally {
                openCount--;
                await sleep(a);
              }
            })().each(inner);
        }
        case 8: {
          const c = lp(d - 1);
          return () => asStructured(c)();
        }
        default: {
          const c = lp(d - 1);
          return () =>
            asStructured({ hold: (b: any) => timeout(a + 2, b) }).hold(asStructured(c) as never);
        }
      }
    };
    const lp = (d: number): (() => Promise<unknown>) => {
      const k = d <= 0 ? pick(3) : pick(9);
      const a = pick(6);
      switch (k) {
        case 0:
          return async () => sleep(a);
        case 1:
          return async () => asLoop(ssleep)(a);
        case 2:
          return async () => {
            if (r() < 0.15) throw new Boom("l");
            await sleep(1);
          };
        case 3: {
          const inner = lp(d - 1);
          return async () => {
            try {
              await timeout(a + 1, inner);
            } catch (e) {
              if (!(e instanceof TimeoutError)) throw e;
            }
          };
        }
        case 4: {
          const inner = lp(d - 1);
          const c = str(d - 1);
          return async () =>
            asLoop({ hold: openNursery }).hold(async (n) => {
              n.startSoon(c);
              await inner();
            });
        }
        case 5: {
          const inner = lp(d - 1);
          const step = str(d - 1);
          const brk = r() < 0.3;
          return async () => {
            for await (const _ of asLoop({
              *each(send: (n: number) => Operation<void>) {
                openCount++;
                try {
                  for (let i = 0; i < 3; i++) {
                    yield* step();
                    yield* send(i);
                  }
                } finally {
                  openCount--;
                  yield* ssleep(a);
                }
              },
            })) {
              await inner();
              if (brk) break;
            }
          };
        }
        case 6: {
          const inner = lp(d - 1);
          return async () => {
            await using h = await asLoop({
              *enter() {
                yield* ssleep(a);
                openCount++;
                return 1;
              },
              *exit() {
                openCount--;
                yield* ssleep(a);
              },
            }).open();
            await inner();
            void h;
          };
        }
        case 7: {
          const inner = lp(d - 1);
          const c = str(d - 1);
          return async () => {
            await using h = await asLoop({ hold: openNursery }).open();
            h.value.startSoon(c);
            await inner();
          };
        }
        default: {
          const c = str(d - 1);
          return async () => asLoop(c)();
        }
      }
    };
    const program = str(4);
    const done = run(
      function* (loop) {
        const scope = new CancelScope({ relativeDeadline: pick(30) });
        try {
          yield* scope.run(program);
        } finally {
          if (allTasks(loop).size > 0)
            bad.push(`${seed}: tasks left ${[...allTasks(loop)].map((t) => t.describe())}`);
          if (openCount !== 0) bad.push(`${seed}: open ${openCount}`);
        }
      },
      { seed },
    );
    const leaf = (e: any): any[] =>
      Array.isArray(e?.errors)
        ? e.errors.flatMap(leaf)
        : e?.error && e?.suppressed
          ? [e.error, e.suppressed].flatMap(leaf)
          : [e];
    const result = await Promise.race([
      done.then(
        () => "ok",
        (e) =>
          leaf(e)
            .filter(
              (x) =>
                !(x instanceof Boom) &&
                !(x instanceof TimeoutError) &&
                !(x instanceof CancelledError),
            )
            .map((x) => `${x?.name}: ${x?.message}`)
            .join(" | ") || "ok",
      ),
      new Promise((res) => setTimeout(() => res("HANG"), 3000)),
    ]);
    if (result !== "ok") bad.push(`${seed}: ${result}`);
    if (bad.length > 12) break;
  }
  console.log(bad.join("\n"));
  expect(bad.length).toBe(0);
});
