import { workspaceOf, type Rule } from "../workspace.js";

/** A workspace of packages with one entry each, and the given files. */
export function planted(texts: Record<string, string>): ReturnType<typeof workspaceOf> {
  return workspaceOf({ ...packages, ...texts });
}

/** Where a rule finds something in a planted workspace, as `path:line`. */
export function places(rule: Rule, texts: Record<string, string>): string[] {
  return rule(planted(texts)).map(({ path, line }) => `${path}:${line}`);
}

/** What a rule says of a planted workspace, without the advice. */
export function problems(rule: Rule, texts: Record<string, string>): string[] {
  return rule(planted(texts)).map(({ problem }) => problem);
}

/** The manifest of a published package as the house wants it. */
export function manifest(name: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    name: `@trestle/${name}`,
    description: "A package.",
    keywords: ["trestle"],
    license: "MIT",
    files: ["dist", "src"],
    type: "module",
    sideEffects: false,
    exports: {
      ".": { "@trestle/source": "./src/index.ts", import: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    engines: { node: ">=20.19" },
    "size-limit": [],
    ...fields,
  });
}

const packages = Object.fromEntries(
  ["host", "testing", "structured", "loop", "io", "bridge"].flatMap((name) => [
    [`packages/${name}/package.json`, manifest(name)],
    [`packages/${name}/src/index.ts`, ""],
  ]),
);
