import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fromPromise, run } from "@trestle/structured";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../src/serve.js";
import { staticFiles } from "../src/static-files.js";

let folder: string;

beforeAll(async () => {
  const parent = await mkdtemp(path.join(tmpdir(), "static-files-"));
  folder = path.join(parent, "site");
  await mkdir(path.join(folder, "gui de"), { recursive: true });
  await writeFile(path.join(parent, "secret.txt"), "secret");
  await writeFile(path.join(folder, "index.html"), "<h1>front</h1>");
  await writeFile(path.join(folder, "gui de", "index.html"), "<h1>guide</h1>");
  await writeFile(path.join(folder, "ä b%.HTML"), "<h1>odd</h1>");
  await writeFile(path.join(folder, "data"), "data");
  await writeFile(path.join(folder, "..dots.txt"), "dots");
  await symlink(path.join(parent, "secret.txt"), path.join(folder, "way-out.txt"));
});

afterAll(() => rm(path.dirname(folder), { recursive: true }));

interface Got {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** Asks for exactly this path, without the tidying that `fetch` does. */
function got(target: string, method = "GET"): Promise<Got> {
  const ask = (origin: string): Promise<Got> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(origin);
      request({ port, host: "127.0.0.1", path: target, method }, (response) => {
        const { statusCode: status, headers } = response;
        const { "content-type": type, location } = headers;
        text(response).then((body) => resolve({ status, type, location, body }), reject);
      })
        .on("error", reject)
        .end();
    });
  return run(() => serve(staticFiles(folder), (origin) => fromPromise(ask(origin))));
}

const HTML = "text/html; charset=utf-8";

test.each([
  ["/", HTML, "<h1>front</h1>"],
  ["/?query#part", HTML, "<h1>front</h1>"],
  ["/gui%20de/", HTML, "<h1>guide</h1>"],
  ["/%C3%A4%20b%25.HTML", HTML, "<h1>odd</h1>"],
  ["/data", "application/octet-stream", "data"],
  ["/..dots.txt", "text/plain; charset=utf-8", "dots"],
  ["/gui%20de/../data", "application/octet-stream", "data"],
])("serves %s", async (target, type, body) => {
  expect(await got(target)).toMatchObject({ status: 200, type, body });
});

test("sends folders to their slash", async () => {
  expect(await got("/gui%20de")).toMatchObject({ status: 301, location: "./gui%20de/" });
  expect(await got("//gui%20de")).toMatchObject({ status: 301, location: "./gui%20de/" });
});

test.each([
  ["/none.html", 404],
  ["/none/", 404],
  ["/data/", 404],
  ["/%zz", 400],
  ["/%00", 400],
])("refuses %s with %i", async (target, status) => {
  expect(await got(target)).toMatchObject({ status });
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/way-out.txt",
  "/..%5csecret.txt",
])("does not let %s out of the folder", async (target) => {
  const { status, body } = await got(target);
  expect({ status, body }).toEqual({ status: 404, body: "404 Not Found\n" });
});

test("answers HEAD without a body, and nothing else than GET and HEAD", async () => {
  expect(await got("/", "HEAD")).toMatchObject({ status: 200, type: HTML, body: "" });
  expect(await got("/", "DELETE")).toMatchObject({ status: 405 });
});
