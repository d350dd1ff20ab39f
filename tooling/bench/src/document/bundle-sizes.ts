import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a program weighs that a browser or a server loads. */
export interface BundleSize {
  readonly library: string;
  /** Minified, with all that it needs, in bytes. */
  readonly minified: number;
  /** The same, compressed by gzip. */
  readonly gzip: number;
}

const folder = path.resolve(import.meta.dirname, "..", "bundles");

/** Bundles the same program as each library has it: tasks with a deadline, one of which fails. */
export async function bundleSizes(programs: string = folder): Promise<BundleSize[]> {
  const files = readdirSync(programs).filter((file) => file.endsWith(".ts"));
  const sizes = await Promise.all(
    files.map(async (file) => {
      const { outputFiles } = await build({
        entryPoints: [path.join(programs, file)],
        bundle: true,
        minify: true,
        write: false,
        format: "esm",
        platform: "node",
        target: "es2022",
      });
      const code = outputFiles[0]?.contents ?? new Uint8Array();
      const gzip = gzipSync(code, { level: 9 }).length;
      return { library: titleOf(path.join(programs, file)), minified: code.length, gzip };
    }),
  );
  return sizes.toSorted((a, b) => a.gzip - b.gzip);
}

/** What a program is called: its first line, a comment. */
function titleOf(file: string): string {
  const [first = ""] = readFileSync(file, "utf8").split("\n");
  return first.replace(/^\/\/ /u, "");
}
