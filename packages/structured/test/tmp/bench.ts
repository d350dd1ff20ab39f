import * as s from "@trestle/structured";
const N = 1_000_000;
async function timed(name: string, n: number, f: () => Promise<unknown>) { await f(); const best: number[] = []; for (let i = 0; i < 3; i++) { const a = performance.now(); await f(); best.push((performance.now() - a) * 1e6 / n); } console.log(name, Math.min(...best).toFixed(1), "ns"); return Math.min(...best) }
async function aw() {}
const a = await timed("await async fn", N, async () => { for (let i = 0; i < N; i++) await aw(); });
const c = await timed("checkpoint", N, () => s.run(function* () { for (let i = 0; i < N; i++) yield* s.checkpoint(); }));
console.log("ratio", c / a);
await timed("checkpoint w/ timer", N, () => s.run(() => s.failAfter(60000, function* () { for (let i = 0; i < N; i++) yield* s.checkpoint(); })));
function* child() { return 1; }
await timed("spawn+join", 200000, () => s.run(() => s.openNursery(function* (n) { for (let i = 0; i < 200000; i++) yield* n.startSoon(child as any).join(); })));
await timed("spawn bulk", 200000, () => s.run(() => s.openNursery(function* (n) { for (let i = 0; i < 200000; i++) n.startSoon(child as any); })));
await timed("nursery open/close", 200000, () => s.run(function* () { function* body() {} ; for (let i = 0; i < 200000; i++) yield* s.openNursery(body as any); }));
await timed("moveOnAfter", 200000, () => s.run(function* () { function* body() {} ; for (let i = 0; i < 200000; i++) yield* s.moveOnAfter(1000, body as any); }));
await timed("pingpong", 200000, () => s.run(() => s.openNursery(function* (n) { const [s1, r1] = s.openMemoryChannel<number>(0); const [s2, r2] = s.openMemoryChannel<number>(0); n.startSoon(function* () { for (let i = 0; i < 100000; i++) { const v = yield* r1.receive(); yield* s2.send(v); } }); for (let i = 0; i < 100000; i++) { yield* s1.send(i); yield* r2.receive(); } })));
await timed("cancel 100k sleepers", 100000, () => s.run(() => s.openNursery(function* (n) { for (let i = 0; i < 100000; i++) n.startSoon(s.sleep as any, 1e6); yield* s.checkpoint(); yield* s.checkpoint(); n.cancelScope.cancel(); })));
await timed("cancel 10k sleepers", 10000, () => s.run(() => s.openNursery(function* (n) { for (let i = 0; i < 10000; i++) n.startSoon(s.sleep as any, 1e6); yield* s.checkpoint(); yield* s.checkpoint(); n.cancelScope.cancel(); })));
await timed("1000 tasks x 1000 checkpoints", 1e6, () => s.run(() => s.openNursery(function* (n) { for (let i = 0; i < 1000; i++) n.startSoon(function* () { for (let j = 0; j < 1000; j++) yield* s.checkpoint(); }); })));
function* sleeper() { yield* s.sleep(1e6); }
if (globalThis.gc) await s.run(() => s.openNursery(function* (n) { gc!(); const m0 = process.memoryUsage().heapUsed; for (let i = 0; i < 50000; i++) n.startSoon(sleeper as any); yield* s.checkpoint(); yield* s.checkpoint(); gc!(); console.log("bytes per task", (process.memoryUsage().heapUsed - m0) / 50000); n.cancelScope.cancel(); }));
for (const depth of [1000, 2000, 5000]) { try { await s.run(() => { function* nest(d: number): any { if (d === 0) return yield* s.sleep(1); yield* new s.CancelScope().run(() => nest(d - 1)); } return nest(depth); }); console.log("depth", depth, "ok"); } catch (e) { console.log("depth", depth, String(e).slice(0, 80)); } }
