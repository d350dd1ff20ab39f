import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Ended } from "@trestle-tooling/programs/running";
import { afterEach, describe, expect, test, vi } from "vitest";
import { HELP } from "../src/arguments.js";
import { pathWithGzip } from "./fake-gzip.js";

vi.setConfig({ testTimeout: 60_000 });

const { start, run: program } = programIn(import.meta.url);

/** The files of the demo. */
const DEMO_FOLDER = fileURLToPath(new URL("../site", import.meta.url));

/** Runs the program, and sends it a signal when it has written a text on stderr. */
async function interrupted(
  when: string,
  signal: NodeJS.Signals,
  ...words: readonly string[]
): Promise<Ended> {
  const running = start(...words);
  await running.says(when, running.stderr);
  return running.endBy(signal);
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function served(listener: RequestListener): Promise<{ origin: string; server: Server }> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A folder whose front page has so many broken links that their report does not fit into a pipe. */
async function hugeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "site-check-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const links = Array.from({ length: 20_000 }, (_, index) => `<a href="#gone-${index}">x</a>\n`);
  await writeFile(path.join(folder, "index.html"), links.join(""));
  return folder;
}

function withoutTime(printed: string): string {
  return printed.replace(/ in \d+\.\d s: /, " in TIME: ");
}

const BROKEN_FILES = `\
Broken                               Why                                 Linked from
-----------------------------------  ----------------------------------  ------------------------
/guide/deadlines.html#grace          no element has the id "grace"       /lab/:60
/guide/executor.html                 404 Not Found                       /:46
                                                                         /guide/bridge.html:58
/images/event-loop.png               404 Not Found                       /guide/bridge.html:33
/images/trestle@2x.png               404 Not Found                       /lab/:64
/lab/#appendix                       no element has the id "appendix"    /lab/:60
/lab/vacant.html                     404 Not Found                       /lab/:59
/reference/glossary.html#task-group  no element has the id "task-group"  /guide/nurseries.html:45
https://[half-an-address/            not an address                      /lab/:61
`;

const BROKEN_DEMO = `\
Broken                               Why                                   Linked from
-----------------------------------  ------------------------------------  ------------------------
/guide/deadlines.html#grace          no element has the id "grace"         /lab/:60
/guide/executor.html                 404 Not Found                         /:46
                                                                           /guide/bridge.html:58
/images/event-loop.png               404 Not Found                         /guide/bridge.html:33
/images/trestle@2x.png               404 Not Found                         /lab/:64
/lab/#appendix                       no element has the id "appendix"      /lab/:60
/lab/circle-1.html                   redirects in a circle of 3 addresses  /lab/:52
/lab/circle-2.html                   redirects in a circle of 3 addresses  /lab/:52
/lab/fails.html                      500 Internal Server Error (3 tries)   /lab/:45
/lab/hangs.html                      no answer within 1000 ms (3 tries)    /guide/bridge.html:46
                                                                           /lab/:37
/lab/maze.html                       redirects more than 10 times          /lab/:53
/lab/stalls.html                     no answer within 1000 ms (3 tries)    /lab/:38
/lab/vacant.html                     404 Not Found                         /lab/:59
/reference/glossary.html#task-group  no element has the id "task-group"    /guide/nurseries.html:45
https://[half-an-address/            not an address                        /lab/:61

Checked 13 pages and 26 other addresses with 266 links in TIME: 14 broken (3 external addresses left out).
`;

describe("the demo", () => {
  test("finds all that is wrong with the bundled site, and only that", async () => {
    const { code, stdout, stderr, left } = await program();
    expect(withoutTime(stdout)).toBe(BROKEN_DEMO);
    expect(stderr).toContain("again   /lab/busy-at-first.html: 503 Service Unavailable\n");
    expect(stderr).toContain("ok      /lab/busy-at-first.html\n");
    expect(stderr).toContain("ok      /lab/drops-at-first.html\n");
    expect(code).toBe(1);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("ends at its deadline, and prints what it has", async () => {
    const { code, stdout, left } = await program("--deadline", "2000");
    expect(stdout).toContain("(the deadline passed, ");
    expect(stdout).toMatch(/^\/guide\/executor.html +404 Not Found /m);
    expect(code).toBe(1);
    expect(left).toEqual(NOTHING_LEFT);
  });
});

describe("a folder", () => {
  test("gets right answers", async () => {
    const { code, stdout, left } = await program(DEMO_FOLDER);
    const summary =
      "\nChecked 21 pages and 8 other addresses with 393 links in TIME: 8 broken (3 external addresses left out).\n";
    expect(withoutTime(stdout)).toBe(BROKEN_FILES + summary);
    expect(code).toBe(1);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("gets the same answers from pages that worker threads read", async () => {
    const { code, stdout, left } = await program(DEMO_FOLDER, "--workers", "2");
    expect(withoutTime(stdout).startsWith(BROKEN_FILES)).toBe(true);
    expect(code).toBe(1);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("is named by its path from here", async () => {
    const { code, stdout } = await program(
      path.relative(".", DEMO_FOLDER),
      "--json",
      "--no-progress",
    );
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ ending: "complete", pages: 21, unchecked: 0 });
    expect(result.broken).toHaveLength(8);
    expect(code).toBe(1);
  });
});

describe("a site", () => {
  test("in which nothing is broken is fine", async () => {
    const { origin, server } = await served((request, response) => {
      const html = request.url === "/" ? '<a href="/b#x">' : '<a id="x" href="/">';
      response.writeHead(200, { "content-type": "text/html" }).end(html);
    });
    const { code, stdout, stderr, left } = await program(origin);
    expect(withoutTime(stdout)).toBe(
      "Checked 2 pages and 0 other addresses with 2 links in TIME: nothing is broken.\n",
    );
    expect(stderr).toBe("ok      /\nok      /b\n");
    expect(code).toBe(0);
    expect(left).toEqual(NOTHING_LEFT);
    server.close();
    await once(server, "close");
  });

  test("that is not there is broken itself", async () => {
    const { origin, server } = await served(() => {});
    server.close();
    const { code, stdout, left } = await program(origin, "--retries", "0");
    expect(stdout).toContain("/       the server refused the connection  (the check began here)\n");
    expect(code).toBe(1);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("is left by its external links only where that is wanted", async () => {
    const other = await served((_request, response) => response.writeHead(404).end());
    const { origin } = await served((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<a href="${other.origin}/x">`);
    });
    expect(await program(origin)).toMatchObject({ code: 0 });
    const { code, stdout } = await program(origin, "--external");
    expect(stdout).toContain(`${other.origin}/x  404 Not Found  /:1\n`);
    expect(code).toBe(1);
  });
});

describe("wrong calls", () => {
  test.each([
    [
      ["--deadline", "-1"],
      'Cannot use --deadline "-1": it takes milliseconds, a number above 0.\n',
    ],
    [
      ["no/such/folder"],
      'Cannot check "no/such/folder": there is no such folder.\nThe address of a site begins with http:// or https://.\n',
    ],
    [["--unknown"], "Cannot read the command line: Unknown option '--unknown'.\nSee --help.\n"],
  ])("%j are told", async (words, message) => {
    const { code, stdout, stderr, left } = await program(...words);
    expect({ code, stdout, stderr, left }).toEqual({
      code: 2,
      stdout: "",
      stderr: message,
      left: NOTHING_LEFT,
    });
  });

  test("are avoided by reading the help", async () => {
    expect(await program("--help")).toMatchObject({
      code: 0,
      stdout: HELP,
      stderr: "",
      left: NOTHING_LEFT,
    });
  });
});

describe("Ctrl-C", () => {
  test.each([
    ["the first page has come", "ok      /\n"],
    ["pages are being read", "ok      /guide/limits.html"],
    ["a retry is pending", "again   /lab/fails.html"],
    ["pages hang", "ok      /lab/slow.html"],
  ])("ends the check when %s, and prints what it has", async (_when, line) => {
    const { code, stdout, left } = await interrupted(line, "SIGINT");
    expect(stdout).toMatch(/^Checked .*\(interrupted, .*\.$/m);
    expect(code).toBe(130);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("aborts the requests that are under way, on any site", async () => {
    const closed: (string | undefined)[] = [];
    const { origin, server } = await served((request, response) => {
      response.once("close", () => closed.push(request.url));
      response.writeHead(200, { "content-type": "text/html" });
      if (request.url === "/") response.end('<a href="/1"><a href="/2">');
      else response.write("<p>");
    });
    const { code, left } = await interrupted("ok      /\n", "SIGINT", origin);
    expect(code).toBe(130);
    expect(left).toEqual(NOTHING_LEFT);
    server.close();
    await once(server, "close");
    expect(closed[0]).toBe("/");
  });

  test("ends the program while it starts, too", async () => {
    for (const ms of [0, 50, 100, 150, 200, 300]) {
      const running = start();
      await once(running.child, "spawn");
      await pause(ms);
      running.child.kill("SIGINT");
      const { code, signal, left } = await running.end();
      // Before the first line of the program has run, there is nothing to clean up and nothing to print.
      if (signal === null) expect({ code, left }).toEqual({ code: 130, left: NOTHING_LEFT });
      else expect(signal).toBe("SIGINT");
    }
  });

  test("does not cut off a report that is being printed", async () => {
    const running = start(await hugeFolder());
    await once(running.stdout, "readable");
    running.child.kill("SIGINT");
    const { code, stdout, left } = await running.end();
    expect(stdout).toMatch(/^Checked 1 page .*: 20000 broken\.$/m);
    expect(code).toBe(130);
    expect(left).toEqual(NOTHING_LEFT);
  });

  test("a second time ends the program at once, even if nobody takes its report", async () => {
    const running = start(await hugeFolder());
    await once(running.stdout, "readable");
    const exit = once(running.child, "exit");
    let exited = false;
    running.child.once("exit", () => (exited = true));
    while (!exited) {
      running.child.kill("SIGINT");
      await pause(10);
    }
    expect(await exit).toEqual([130, null]);
  });
});

test("Ctrl-C while gzip is at work ends it, and prints what it would have written", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "site-check-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const PATH = await pathWithGzip("echo $$ at work >&2; exec sleep 600");
  const output = path.join(folder, "report.gz");
  const running = programIn(import.meta.url, { PATH }).start(DEMO_FOLDER, "--output", output);
  const [, pid] = await running.says(/(\d+) at work/u, running.stderr);
  const { code, stdout, stderr, left } = await running.endBy("SIGINT");
  expect(withoutTime(stdout).startsWith(BROKEN_FILES)).toBe(true);
  expect(stderr).toContain(`Cannot write "${output}": interrupted.\n`);
  expect(code).toBe(130);
  expect(left).toEqual(NOTHING_LEFT);
  expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
  expect(await readdir(folder)).toEqual([]);
});

test("SIGTERM ends the check as Ctrl-C does, with a code of its own", async () => {
  const { code, stdout, left } = await interrupted("ok      /lab/slow.html", "SIGTERM");
  expect(stdout).toContain("(interrupted, ");
  expect(code).toBe(143);
  expect(left).toEqual(NOTHING_LEFT);
});

test("a reader that goes away before the end is no error", async () => {
  const running = start(await hugeFolder());
  await once(running.stdout, "readable");
  running.stdout.destroy();
  const [[code], stderr] = await Promise.all([once(running.child, "exit"), text(running.stderr)]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "ok      /\n" });
});
