import { describe, expect, test } from "vitest";
import { HELP, parseArguments, UsageError, type Settings } from "../src/arguments.js";

function settings(...words: string[]): Settings {
  const parsed = parseArguments(words);
  if (parsed === "help") throw new Error("help was not asked for");
  return parsed;
}

test("checks the demo where nothing is named, with times that suit it", () => {
  expect(settings()).toEqual({
    target: { kind: "demo" },
    deadline: Infinity,
    concurrency: 8,
    pageTimeout: 1000,
    retries: 2,
    retryPause: 100,
    maxPages: 10_000,
    workers: 0,
    output: undefined,
    external: false,
    progress: true,
    json: false,
  });
});

test("gives real sites more time", () => {
  expect(settings("https://site.test")).toMatchObject({
    target: { kind: "site", address: "https://site.test/" },
    pageTimeout: 10_000,
    retryPause: 500,
  });
});

test("takes what is no address for a folder", () => {
  for (const folder of ["docs", "./a b", "site.test", "C:\\docs", "..", "/var/www"]) {
    expect(settings(folder).target).toEqual({ kind: "folder", folder });
  }
});

test("reads every option, before and after the target", () => {
  const words = "--deadline 1500 --concurrency 3 docs --page-timeout=2.5 --retries 0 --max-pages 9";
  expect(settings(...words.split(" "), "--external", "--no-progress", "--json")).toMatchObject({
    target: { kind: "folder", folder: "docs" },
    deadline: 1500,
    concurrency: 3,
    pageTimeout: 2.5,
    retries: 0,
    maxPages: 9,
    external: true,
    progress: false,
    json: true,
  });
});

test("takes a '--' that a package manager handed on for nothing", () => {
  expect(settings("--", "--json", "docs")).toMatchObject({
    json: true,
    target: { folder: "docs" },
  });
  expect(settings("--").target).toEqual({ kind: "demo" });
});

test("asks for help", () => {
  expect(parseArguments(["--help"])).toBe("help");
  expect(parseArguments(["-h", "http://site.test"])).toBe("help");
  expect(HELP.split("\n").every((line) => line.length <= 100)).toBe(true);
});

describe("says what is wrong with", () => {
  test.each([
    [["--deadlin", "5"], "Cannot read the command line: Unknown option '--deadlin'.\nSee --help."],
    [["--deadline"], "Cannot read the command line: --deadline needs a value.\nSee --help."],
    [
      ["--deadline", "--json"],
      "Cannot read the command line: --deadline needs a value.\nSee --help.",
    ],
    [
      ["--json=3"],
      "Cannot read the command line: Option '--json' does not take an argument.\nSee --help.",
    ],
    [["a", "b"], 'Cannot check "a" and "b": name one site or folder at a time.'],
    [["--deadline", "-5"], 'Cannot use --deadline "-5": it takes milliseconds, a number above 0.'],
    [["--deadline", "0"], 'Cannot use --deadline "0": it takes milliseconds, a number above 0.'],
    [
      ["--deadline", "soon"],
      'Cannot use --deadline "soon": it takes milliseconds, a number above 0.',
    ],
    [["--deadline", ""], 'Cannot use --deadline "": it takes milliseconds, a number above 0.'],
    [
      ["--deadline", "NaN"],
      'Cannot use --deadline "NaN": it takes milliseconds, a number above 0.',
    ],
    [
      ["--deadline", "Infinity"],
      'Cannot use --deadline "Infinity": it takes milliseconds, a number above 0.',
    ],
    [
      ["--deadline", "0x10"],
      'Cannot use --deadline "0x10": it takes milliseconds, a number above 0.',
    ],
    [["--concurrency", "0"], 'Cannot use --concurrency "0": it takes a whole number from 1.'],
    [["--concurrency", "1.5"], 'Cannot use --concurrency "1.5": it takes a whole number from 1.'],
    [["--output", ""], 'Cannot use --output "": name a file.'],
    [["--retries", "-1"], 'Cannot use --retries "-1": it takes a whole number from 0.'],
    [["--max-pages", "many"], 'Cannot use --max-pages "many": it takes a whole number from 1.'],
    [
      ["ftp://site.test"],
      'Cannot check "ftp://site.test": that is no address of a web site.\nAn address begins with http:// or https://.',
    ],
    [
      ["http://"],
      'Cannot check "http://": that is no address of a web site.\nAn address begins with http:// or https://.',
    ],
    [
      ["http://me:pw@site.test"],
      'Cannot check "http://me:pw@site.test": an address with a password in it cannot be asked for.\nLeave out what stands before the @.',
    ],
    [[""], 'Cannot check "": name a folder or an address.'],
  ] as const)("%j", (words, message) => {
    expect(() => parseArguments(words)).toThrow(new UsageError(message));
  });
});
