import { asStructured, run } from "@trestle/bridge";
import { Event, failAfter, moveOnAfter, openNursery, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { withPageReader } from "../src/page-reader.js";
import { fetchPage, LONGEST_BODY, type Answer, type Purpose } from "../src/read-page.js";
import { serve, type Handler } from "../src/serve.js";

/** The page as the crawl gets it: fetched, and read in this thread. */
const read = (address: string, purpose: Purpose): Operation<Answer> =>
  withPageReader(asStructured(fetchPage), 0, (readPage) => readPage(address, purpose, () => {}));

/** What a page is read as, from a server with this one handler. */
function answer(handler: Handler, purpose: Purpose = "read"): Promise<Answer> {
  return run(() => serve(handler, (origin) => read(`${origin}/dir/page`, purpose)));
}

/** A handler that answers with this. */
function says(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer = "",
): Handler {
  return function* (_request, response) {
    response.writeHead(status, headers).end(body);
  };
}

const HTML = { "content-type": "text/html" };

/** The error itself: what a server's nursery throws is a group of one. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error instanceof AggregateError ? error.errors[0] : error;
  }
}

describe("reading", () => {
  test("gives the links and anchors of HTML", async () => {
    const html = '<p id="here"><a href="../x">x</a>';
    for (const type of ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"]) {
      expect(await answer(says(200, { "content-type": type }, html))).toMatchObject({
        kind: "document",
        whole: true,
        links: [{ text: "../x", line: 1, target: { kind: "address", fragment: "" } }],
        anchors: new Set(["here"]),
      });
    }
  });

  test("decodes by the header", async () => {
    const type = "text/html; charset=iso-8859-1";
    const body = Buffer.from('<p id="gr\u00FCn">', "latin1");
    expect(await answer(says(200, { "content-type": type }, body))).toMatchObject({
      anchors: new Set(["grün"]),
    });
  });

  test.each(["text/plain", "image/png", "application/json", "text/htmlx", ""])(
    "looks into nothing of the type %j",
    async (type) => {
      const handler = says(200, type === "" ? {} : { "content-type": type }, '<a href="x">');
      expect(await answer(handler)).toEqual({ kind: "file" });
    },
  );

  test("stops at a document that never ends, and lets go of its connection", async () => {
    const closed = new Event();
    const handler: Handler = function* (_request, response): Operation<void> {
      response.once("close", () => closed.set());
      response.writeHead(200, HTML).write('<a href="x">');
      const chunk = "x".repeat(100_000);
      response.on("drain", () => response.write(chunk));
      while (response.write(chunk));
      yield* new Event().wait();
    };
    const document = await run(() =>
      serve(handler, function* (origin): Operation<Answer> {
        const answered = yield* read(origin, "read");
        yield* failAfter(5000, () => closed.wait());
        return answered;
      }),
    );
    expect(document).toMatchObject({ kind: "document", whole: false, links: [{ text: "x" }] });
    expect(LONGEST_BODY).toBeGreaterThan(1_000_000);
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("are told and not followed: %i", async (status) => {
    expect(await answer(says(status, { location: "../new#part" }))).toMatchObject({
      kind: "redirect",
      to: { kind: "address", address: expect.stringMatching(/^http:.*\d\/new$/), fragment: "part" },
    });
  });

  test("to nowhere are told as such", async () => {
    expect(await answer(says(302, { location: "http://[x" }))).toMatchObject({
      to: { kind: "invalid" },
    });
  });

  test.each([
    [302, {}, "302 Found"],
    [304, { location: "/" }, "304 Not Modified"],
  ])("that are none are failures: %i", async (status, headers, message) => {
    expect(await failure(answer(says(status, headers)))).toMatchObject({ message, passing: false });
  });
});

describe("failures", () => {
  test.each([
    [404, false],
    [403, false],
    [501, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])("of status %i: passing is %j", async (status, passing) => {
    const error = await failure(answer(says(status, HTML)));
    expect(error).toMatchObject({ name: "PageError", passing });
    expect((error as Error).message).toMatch(new RegExp(`^${status} [A-Z]`));
  });

  test("before an answer and in the middle of one are passing", async () => {
    const dropped: Handler = function* (request) {
      request.socket.destroy();
    };
    const cut: Handler = function* (_request, response) {
      response.writeHead(200, { ...HTML, "content-length": "1000" });
      response.write("x", () => response.destroy());
    };
    for (const handler of [dropped, cut]) {
      expect(await failure(answer(handler))).toMatchObject({
        message: "the connection broke off",
        passing: true,
      });
    }
  });
});

describe("probing", () => {
  test("asks for the head only, and looks into nothing", async () => {
    const methods: (string | undefined)[] = [];
    const handler: Handler = function* (request, response) {
      methods.push(request.method);
      response.writeHead(200, HTML).end('<a href="x">');
    };
    expect(await answer(handler, "probe")).toEqual({ kind: "file" });
    expect(methods).toEqual(["HEAD"]);
  });

  test.each([403, 404, 405, 501])("asks for the whole where the head gets %i", async (status) => {
    const handler: Handler = function* (request, response) {
      response.writeHead(request.method === "HEAD" ? status : 200, HTML).end();
    };
    expect(await answer(handler, "probe")).toEqual({ kind: "file" });
  });
});

describe("a cancellation aborts the request", () => {
  test.each(["before an answer", "in the middle of one"])("%s", async (when) => {
    const arrived = new Event();
    const left = new Event();
    const handler: Handler = function* (_request, response): Operation<void> {
      response.once("close", () => left.set());
      if (when !== "before an answer") response.writeHead(200, HTML).write("<p>");
      arrived.set();
      yield* new Event().wait();
    };
    const told = await run(() =>
      serve(handler, (origin) =>
        openNursery(function* (nursery): Operation<boolean> {
          const reading = nursery.startSoon(read, origin, "read");
          yield* arrived.wait();
          reading.cancel("enough");
          // The server sees the connection close while everything else goes on.
          yield* failAfter(5000, () => left.wait());
          return left.isSet;
        }),
      ),
    );
    expect(told).toBe(true);
  });

  test("and is a cancellation, not a failure of the page", async () => {
    const handler: Handler = () => new Event().wait();
    const result = await run(() =>
      serve(handler, (origin) => moveOnAfter(20, () => read(origin, "read"))),
    );
    expect(result).toEqual({ cancelledCaught: true, value: undefined });
  });
});
