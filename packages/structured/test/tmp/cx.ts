import * as s from "@trestle/structured";
const N = 10000;
function* sleeper() { yield* s.sleep(1e6); }
const best: number[] = [1e9, 1e9, 1e9, 1e9];
for (let k = 0; k < 40; k++) {
  let t: number[] = [];
  await s.run(function* () {
    t.push(performance.now());
    yield* s.openNursery(function* (n) {
      for (let i = 0; i < N; i++) n.startSoon(sleeper as any);
      t.push(performance.now());
      yield* s.checkpoint();
      t.push(performance.now());
      n.cancelScope.cancel();
      t.push(performance.now());
    });
    t.push(performance.now());
  });
  for (let i = 0; i < 4; i++) best[i] = Math.min(best[i]!, (t[i + 1]! - t[i]!) * 1e6 / N);
}
console.log("spawn", best[0]!.toFixed(0), "park", best[1]!.toFixed(0), "cancel()", best[2]!.toFixed(0), "unwind", best[3]!.toFixed(0));
