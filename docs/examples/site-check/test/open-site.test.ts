import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fromPromise, run } from "@trestle/structured";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError, type Target } from "../src/arguments.js";
import { openSite } from "../src/open-site.js";

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "open-site-"));
  for (const folder of ["with-index", "loose", "empty"]) await mkdir(path.join(parent, folder));
  await writeFile(path.join(parent, "with-index", "index.html"), "index");
  await writeFile(path.join(parent, "with-index", "other.html"), "other");
  await writeFile(path.join(parent, "loose", "b ü.HTM"), "b");
  await writeFile(path.join(parent, "loose", "a.html"), "a");
  await writeFile(path.join(parent, "loose", "c.txt"), "c");
});

afterAll(() => rm(parent, { recursive: true }));

/** Where the check of a target starts, and what is there. */
function start(target: Target): Promise<readonly (readonly [string, string])[]> {
  const read = async (address: string): Promise<readonly [string, string]> => {
    const response = await fetch(address);
    return [new URL(address).pathname, await response.text()];
  };
  return run(() =>
    openSite(target, (addresses) =>
      fromPromise(Promise.all(addresses.map((address) => read(address)))),
    ),
  );
}

function folder(name: string): Target {
  return { kind: "folder", folder: path.join(parent, name) };
}

test("serves a folder from its front page", async () => {
  expect(await start(folder("with-index"))).toEqual([["/", "index"]]);
});

test("starts from each page where a folder has no front page", async () => {
  expect(await start(folder("loose"))).toEqual([
    ["/a.html", "a"],
    ["/b%20%C3%BC.HTM", "b"],
  ]);
});

test("serves the demo", async () => {
  const [[pathname, text] = []] = await start({ kind: "demo" });
  expect(pathname).toBe("/");
  expect(text).toContain("<h1>Trestle, explained</h1>");
});

test("leaves a site of the web where it is", async () => {
  const address = "http://site.test/a";
  const addresses = await run(() =>
    openSite({ kind: "site", address }, function* (all) {
      return all;
    }),
  );
  expect(addresses).toEqual([address]);
});

test.each([
  ["none", "there is no such folder.\nThe address of a site begins with http:// or https://."],
  ["empty", "there is no HTML file in it.\nName the folder that holds the site's index.html."],
  ["loose/a.html", 'it is not a folder.\nName the folder it is in: "PARENT/loose".'],
])("says what is wrong with %s", async (name, reason) => {
  const message = `Cannot check "${path.join(parent, name)}": ${reason.replace("PARENT", parent)}`;
  await expect(start(folder(name))).rejects.toThrow(new UsageError(message));
});
