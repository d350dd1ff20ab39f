import { fileURLToPath } from "node:url";
import { build } from "vite";
import { describe, expect, test } from "vitest";
import * as real from "../src/async-context.js";
import * as standIn from "../src/no-async-context.js";
import type * as structured from "../src/index.js";

describe("in a bundle for browsers", () => {
  test("everything that the scheduler asks for is there", () => {
    // This one only tests ask for.
    const { detectUse: _, ...wanted } = real;
    expect(Object.keys(standIn).toSorted()).toEqual(Object.keys(wanted).toSorted());
  });

  test("a program runs, without the platform's contexts", async () => {
    const code = await bundle();
    expect(code).not.toContain("AsyncResource");
    const built = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      structured: typeof structured;
    };
    const { run, sleep } = built.structured;
    const program = run(function* () {
      yield* sleep(1);
      return "slept";
    });
    expect(await program).toBe("slept");
  });
});

async function bundle(): Promise<string> {
  const [output] = (await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@trestle/source", "browser"] },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL("child-modules.ts", import.meta.url)), formats: ["es"] },
    },
  })) as { output: { code: string }[] }[];
  return output?.output[0]?.code ?? "";
}
