import { it } from "vitest";
import { readFileSync } from "node:fs";
import { run } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { printError } from "../../../../tooling/conformance/src/app-error.js";
import { StructuredInterpreter } from "../../../../tooling/conformance/src/structured-flavor.js";
import { TraceBook } from "../../../../tooling/conformance/src/task-trace.js";
import { firstDifference } from "../../../../tooling/conformance/src/difference.js";
async function go(program: any, options: any) {
  const host = new VirtualHost();
  const book = new TraceBook(() => host.now());
  const interpreter = new StructuredInterpreter(program);
  let outcome = "ok";
  try { await run(() => interpreter.run(program.body, book.main()), { host, ...options }); } catch (error) { outcome = `error:${printError(error)}`;  }
  return { outcome, trace: book.entries };
}
it("vectors", async () => {
  const lines = readFileSync("/work/shared/conformance/structured.jsonl", "utf8").trim().split("\n");
  let ok = 0; const bad: string[] = [];
  const t0 = Date.now();
  for (const line of lines) {
    const v = JSON.parse(line);
    let m;
    for (const o of [{}, { seed: 1 }, { seed: 2 }, {seed: 3}]) {
      const r = await Promise.race([go(v.program, o), new Promise<any>((r) => setTimeout(() => r("HANG"), 3000).unref())]);
      m = r === "HANG" ? r : firstDifference(v.expect, r);
      if (m) break;
    }
    if (m) bad.push(v.id + ": " + m); else ok++;
  }
  console.log(ok, "ok", bad.length, "bad", Date.now() - t0, "ms\n" + bad.slice(0, 40).join("\n"));
}, 600000);
