// The packages as their users get them: packed, installed by npm into an empty folder, and used in every way that they offer.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build as viteBuild } from "vite";
import { askVersion } from "@trestle-tooling/platforms/ask-version";
import { findChromium } from "@trestle-tooling/platforms/find-chromium";
import { findRuntime } from "@trestle-tooling/platforms/find-runtime";
import { entries } from "../entries.js";
import { manifestIn, pack } from "../pack.js";
import { compile } from "./compile.js";
import { featuresOf, tableOf } from "./feature-table.js";
import { openPage } from "./open-page.js";
import { Project } from "./project.js";

const MINUTES = 60_000;
const workspace = path.resolve(import.meta.dirname, "../../..");
const programs = path.join(import.meta.dirname, "programs");
/** What one package of ours has besides ours: what it stands on is taken from the workspace. */
const withOthers = "@trestle/executor-bullmq";

let tarballs: Map<string, string>;
let project: Project;
const destination = mkdtempSync(path.join(tmpdir(), "trestle-packed-"));

beforeAll(() => {
  tarballs = pack(destination);
  project = new Project();
  project.install([...tarballs].filter(([name]) => name !== withOthers).map(([, file]) => file));
  project.link("@types/node");
  for (const name of ["program.ts", "browser.ts"]) project.write(name, sourceOf(name));
  project.write("program.cts", sourceOf("program.ts"));
}, 10 * MINUTES);

afterAll(() => {
  project[Symbol.dispose]();
  rmSync(destination, { recursive: true, force: true });
});

function sourceOf(program: string): string {
  return readFileSync(path.join(programs, program), "utf8");
}

/** What the programs print, wherever they run. */
const printed = "3 tasks in 20 ms of virtual time\na value from async code\ncancelled: true\n";

const specifiers = entries()
  .map(({ specifier }) => specifier)
  .filter((name) => name !== withOthers);

describe("in Node", { timeout: 5 * MINUTES }, () => {
  test("every entry loads as ESM and as CommonJS", () => {
    const list = JSON.stringify(specifiers);
    const esm = `for (const name of ${list}) await import(name);`;
    const cjs = `for (const name of ${list}) require(name);`;
    expect(project.run(process.execPath, ["--input-type=module", "--eval", esm])).toBe("");
    expect(project.run(process.execPath, ["--input-type=commonjs", "--eval", cjs])).toBe("");
  });

  test("TypeScript compiles a program for `nodenext`, as ESM and as CommonJS, and both run", () => {
    expect(compile(project.folder, ["program.ts", "program.cts"], "nodenext")).toEqual([]);
    expect(project.run(process.execPath, ["program.js"])).toBe(printed);
    expect(project.run(process.execPath, ["program.cjs"])).toBe(printed);
  });

  test("TypeScript takes it for `bundler`, too", () => {
    expect(compile(project.folder, ["program.ts", "browser.ts"], "bundler")).toEqual([]);
  });

  test("esbuild bundles it into one file", async () => {
    const outfile = path.join(project.folder, "bundled.mjs");
    const entryPoints = [path.join(project.folder, "program.ts")];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm" });
    expect(project.run(process.execPath, ["bundled.mjs"])).toBe(printed);
  });
});

describe("as pasted from the documents", { timeout: 5 * MINUTES }, () => {
  test("the README's first program runs", () => {
    const [program = "", prints] = blocksOf("README.md");
    project.write("hello.mjs", program);
    expect(project.run(process.execPath, ["hello.mjs"])).toBe(prints);
  });

  test("the quick start does, with its worker, its child and its request", () => {
    const [work = "", main = "", prints] = blocksOf("docs/quick-start.md");
    project.write("work.js", work);
    project.write("main.js", main);
    expect(project.run(process.execPath, ["main.js"])).toBe(prints);
  });

  test("it does as TypeScript, too, by tsx", () => {
    const [work = "", main = "", prints] = blocksOf("docs/quick-start.md");
    using typed = new Project();
    typed.install([...tarballs].filter(([name]) => name !== withOthers).map(([, file]) => file));
    typed.link("tsx", "packages/executor");
    typed.write("work.ts", work);
    typed.write("main.ts", main);
    expect(typed.run(process.execPath, ["--import", "tsx", "main.ts"])).toBe(prints);
  });
});

/** The programs of a document, and what stands below them as their output. */
function blocksOf(document: string): string[] {
  const text = readFileSync(path.join(workspace, document), "utf8");
  return [...text.matchAll(/^```(?:js|text)\n([^]*?)^```$/gmu)].map(([, block = ""]) => block);
}

describe("elsewhere", { timeout: 5 * MINUTES }, () => {
  test.for(["Bun", "Deno"] as const)("%s runs the program from its TypeScript", (name, context) => {
    const found = runtimeOf(name);
    if ("missing" in found) return context.skip(found.missing);
    expect(project.run(found.binary, [...found.commandLine, "program.ts"])).toBe(printed);
  });
});

/** How a program is run, but for its name; or why it is not. */
function runtimeOf(
  name: "Node" | "Bun" | "Deno",
): { binary: string; commandLine: string[] } | { missing: string } {
  if (name === "Node") return { binary: process.execPath, commandLine: [] };
  const found = findRuntime(name === "Bun" ? "bun" : "deno");
  if ("missing" in found) return found;
  const answer = askVersion(found.binary);
  if ("unable" in answer) return { missing: answer.unable };
  const isDeno = name === "Deno";
  const commandLine = isDeno
    ? ["run", "--allow-all", "--no-check", "--node-modules-dir=manual"]
    : [];
  return { binary: found.binary, commandLine };
}

describe("what the guide's table says, and nothing else, works", { timeout: 15 * MINUTES }, () => {
  beforeAll(() => {
    const names = ["features", "executor", "executor-work", "executor-exposing", "io"];
    const sources = names.map((name) => `${name}.ts`);
    for (const name of [...sources, "executor-typed.ts"]) project.write(name, sourceOf(name));
    // Node reads no TypeScript without it.
    project.link("tsx", "packages/executor");
    expect(compile(project.folder, sources, "nodenext")).toEqual([]);
  }, MINUTES);

  describe.each(["executor", "io"])("%s", (name) => {
    test.for(["Node", "Bun", "Deno"] as const)("in %s", (runtime, context) => {
      const found = runtimeOf(runtime);
      if ("missing" in found) return context.skip(found.missing);
      if (name === "io" && !hasNativePart()) return context.skip("there is no native part here");
      const commandLine = [...found.commandLine, `${name}.js`];
      expect(featuresOf(found.binary, commandLine, project.folder)).toEqual(
        tableOf(`docs/guide/${name}.md`, runtime),
      );
    });
  });
});

/** Whether the package has one for this platform. */
function hasNativePart(): boolean {
  const target = `${process.platform}-${process.arch}`;
  return existsSync(
    path.join(project.folder, "node_modules/@trestle/io/prebuilds", target, "readiness.node"),
  );
}

describe("for browsers", { timeout: 5 * MINUTES }, () => {
  test("esbuild bundles `structured` and `host` without anything of Node's", async (context) => {
    const outfile = path.join(project.folder, "browser-esbuild.js");
    const { warnings } = await build({
      entryPoints: [path.join(project.folder, "browser.ts")],
      outfile,
      bundle: true,
      platform: "browser",
      format: "esm",
    });
    expect(warnings).toEqual([]);
    await expectBrowserProgram(readFileSync(outfile, "utf8"), context.skip);
  });

  test("vite does", async (context) => {
    const output = await viteBuild({
      root: project.folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, lib: { entry: "browser.ts", formats: ["es"] } },
    });
    const [bundle] = output as { output: { code: string }[] }[];
    await expectBrowserProgram(bundle?.output[0]?.code ?? "", context.skip);
  });
});

async function expectBrowserProgram(code: string, skip: (reason: string) => void): Promise<void> {
  // A module that only Node has is asked for where there is one, and never imported.
  expect(code).not.toMatch(
    /\b(?:from|import|require)\b\s*\(?\s*["'`]node:|__vite-browser-external/u,
  );
  const found = findChromium();
  if ("missing" in found) return skip(`the bundle was not run: ${found.missing}`);
  const answer = askVersion(found.binary, found.environment);
  if ("unable" in answer) return skip(`the bundle was not run: ${answer.unable}`);
  expect(await openPage(found, code)).toBe("3 tasks; 2 items; cancelled: true");
}

describe("a layer alone", { timeout: 5 * MINUTES }, () => {
  test.for(["host", "testing", "structured", "loop", "bridge", "executor", "io"])(
    "%s needs what its manifest names, and nothing else",
    (name) => {
      using alone = new Project();
      alone.install(withDependencies(`@trestle/${name}`));
      const code = `await import("@trestle/${name}");`;
      expect(alone.run(process.execPath, ["--input-type=module", "--eval", code])).toBe("");
    },
  );
});

/** The tarballs of a package and of what it depends on. */
function withDependencies(name: string, seen = new Set<string>()): Set<string> {
  const tarball = tarballs.get(name);
  if (tarball === undefined || seen.has(tarball)) return seen;
  seen.add(tarball);
  for (const other of Object.keys(manifestIn(tarball).dependencies ?? {})) {
    withDependencies(other, seen);
  }
  return seen;
}
