// The site as readers get it: built, served from its folder, and gone through by site-check, our own example.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { asStructured, run } from "@trestle/bridge";
import { sleepForever } from "@trestle/structured";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseArguments } from "../examples/site-check/src/arguments.js";
import { checkSite } from "../examples/site-check/src/check-site.js";
import { withPageReader } from "../examples/site-check/src/page-reader.js";
import { fetchPage } from "../examples/site-check/src/read-page.js";
import { root } from "./files.js";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trestle-site-"));
  const build = path.join(root, "docs/.vitepress/build.js");
  await promisify(execFile)(process.execPath, [build, "--out", folder], { cwd: root });
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("every link of the site leads somewhere", { timeout: 300_000 }, async () => {
  const settings = parseArguments([folder, "--no-progress"]);
  if (settings === "help") throw new Error("no settings");
  const result = await run(() =>
    withPageReader(asStructured(fetchPage), 0, (read) =>
      checkSite(settings, {
        interrupts: { wait: sleepForever, signal: undefined },
        read,
        screen: process.stderr,
      }),
    ),
  );
  expect(result.broken).toEqual([]);
  expect(result.pages).toBeGreaterThan(200);
});
