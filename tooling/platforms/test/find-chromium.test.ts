import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findChromium } from "../find-chromium.js";

test("takes the one that the environment names", () => {
  expect(findChromium({ TRESTLE_CHROMIUM: "some/chrome" })).toEqual({
    binary: path.resolve("some/chrome"),
    environment: {},
  });
});

test("finds none for a machine that the installed one is not built for", () => {
  expect(findChromium({}, "darwin-arm64")).toEqual({
    missing:
      "the one that is installed is for linux-x64, not for darwin-arm64; TRESTLE_CHROMIUM=FILE names another",
  });
});

test("unpacks the installed one once, and leaves nothing else behind", () => {
  const cache = mkdtempSync(path.join(tmpdir(), "trestle-chromium-"));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const first = findChromium({ LD_LIBRARY_PATH: "/elsewhere" }, "linux-x64", cache);
  if ("missing" in first) throw new Error(first.missing);
  expect(readdirSync(cache)).toEqual([path.basename(path.dirname(first.binary))]);
  expect(readdirSync(path.dirname(first.binary)).toSorted()).toEqual(["chromium", "lib"]);
  const libraries = path.join(path.dirname(first.binary), "lib");
  expect(first.environment).toEqual({
    LD_LIBRARY_PATH: `${libraries}${path.delimiter}/elsewhere`,
  });
  expect(findChromium({ LD_LIBRARY_PATH: "/elsewhere" }, "linux-x64", cache)).toEqual(first);
});
