// The one build configuration. A package's build script names its entries; what it depends on stays
// outside of its files. Published packages get ESM, CJS and types for both; private ones, the tools
// and examples, only what Node runs.
import { readFileSync, rmSync } from "node:fs";
import { transform } from "esbuild";
import { defineConfig, type Options } from "tsup";

type Plugin = NonNullable<Options["plugins"]>[number];

const javascript: Options = {
  format: "esm",
  target: "node20",
  // What two entries of a package share exists once, in a chunk: a class must not be there twice in
  // a process.
  splitting: true,
  sourcemap: true,
  silent: true,
  removeNodeProtocol: false,
  // What a package's `imports` choose by the platform stays outside of its files.
  external: [/^#/u],
};

export default defineConfig(() => {
  // The configurations below run at the same time, so none of them may clean up.
  rmSync("dist", { recursive: true, force: true });
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { private?: boolean };
  if (manifest.private === true) return javascript;
  return [
    javascript,
    { ...javascript, plugins: [commonJs()], outExtension: () => ({ js: ".cjs" }) },
    {
      format: ["esm", "cjs"],
      silent: true,
      // tsup 8 sets an option that TypeScript 6 calls deprecated.
      dts: { only: true, compilerOptions: { ignoreDeprecations: "6.0", incremental: false } },
    },
  ];
});

// esbuild splits ESM only, and tsup's own way from there to CJS replaces each `?.` and `??` by a
// slow function.
function commonJs(): Plugin {
  return {
    name: "commonjs",
    async renderChunk(code, chunk) {
      // esbuild composes the two source maps where it finds the first one inline.
      const map = typeof chunk.map === "string" ? chunk.map : JSON.stringify(chunk.map);
      const inline = Buffer.from(map).toString("base64");
      const source = `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}`;
      const result = await transform(source, {
        format: "cjs",
        platform: "node",
        target: "node20",
        banner: '"use strict";',
        sourcemap: "external",
      });
      // A file that only names what its chunks have maps nothing.
      const { sources } = JSON.parse(map) as { sources: string[] };
      if (sources.length > 0) chunk.map = JSON.parse(result.map);
      return { code: result.code };
    },
  };
}
