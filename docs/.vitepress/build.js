// Builds the site into .vitepress/dist, or another folder that is named; or, with --dev, serves it and follows changes of its pages.
import path from "node:path";
import { parseArgs } from "node:util";
import { build, createServer } from "vitepress";
import { writeReference } from "./reference.js";

const docs = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({ options: { dev: { type: "boolean" }, out: { type: "string" } } });

await writeReference();
if (values.dev === true) {
  const server = await createServer(docs, { host: "127.0.0.1" });
  await server.listen();
  server.printUrls();
} else {
  await build(docs, values.out === undefined ? {} : { outDir: path.resolve(values.out) });
}
