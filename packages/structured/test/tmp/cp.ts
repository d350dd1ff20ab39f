import * as s from "@trestle/structured";
const N = 300_000;
async function aw() {}
let m1 = Infinity, m2 = Infinity;
for (let k = 0; k < 25; k++) {
  let a = performance.now();
  for (let i = 0; i < N; i++) await aw();
  m1 = Math.min(m1, performance.now() - a); a = performance.now();
  await s.run(function* () { for (let i = 0; i < N; i++) yield* s.checkpoint(); });
  m2 = Math.min(m2, performance.now() - a);
}
console.log("await", (m1 * 1e6 / N).toFixed(1), "checkpoint", (m2 * 1e6 / N).toFixed(1), "ratio", (m2 / m1).toFixed(2));
