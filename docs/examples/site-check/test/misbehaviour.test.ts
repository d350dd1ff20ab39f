import { abortable, fromPromise, moveOnAfter, run, type Operation } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { misbehaving } from "../src/misbehaviour.js";
import { serve, type Handler } from "../src/serve.js";

const files: Handler = function* (request, response) {
  response.end(`file ${request.url}`);
};

function asked(
  body: (ask: (path: string) => Operation<string>) => Operation<unknown>,
): Promise<unknown> {
  return run(() =>
    serve(misbehaving(files), (origin) =>
      body((path) =>
        abortable(async (signal) => {
          try {
            const response = await fetch(origin + path, { signal, redirect: "manual" });
            return [
              response.status,
              response.headers.get("location") ?? (await response.text()),
            ].join(" ");
          } catch (error) {
            if (signal.aborted) throw error;
            return (error as Error).message;
          }
        }),
      ),
    ),
  );
}

describe("the demo's server", () => {
  test.each([
    ["/other.html", ["200 file /other.html"]],
    ["/lab/slow.html", ["200 file /lab/slow.html"]],
    ["/lab/busy-at-first.html", ["503 ", "200 file /lab/busy-at-first.html"]],
    ["/lab/drops-at-first.html", ["fetch failed", "200 file /lab/drops-at-first.html"]],
    ["/lab/fails.html", ["500 ", "500 ", "500 "]],
    ["/lab/moved.html", ["301 /guide/nurseries.html"]],
    ["/lab/circle-1.html", ["302 circle-2.html"]],
    ["/lab/circle-2.html", ["302 circle-3.html"]],
    ["/lab/circle-3.html", ["302 circle-1.html"]],
    ["/lab/maze.html", ["302 ?turn=1"]],
    ["/lab/maze.html?turn=7", ["302 ?turn=8"]],
  ])("answers %s by its script", async (path, answers) => {
    const got = await asked(function* (ask) {
      const all: string[] = [];
      for (const _ of answers) all.push(yield* ask(path));
      return all;
    });
    expect(got).toEqual(answers);
  });

  test.each(["/lab/hangs.html", "/lab/stalls.html"])("never ends %s", async (path) => {
    const result = await asked((ask) => moveOnAfter(50, () => ask(path)));
    expect(result).toMatchObject({ cancelledCaught: true });
  });

  test("sends half a page before it stalls", async () => {
    const text = await run(() =>
      serve(misbehaving(files), function* (origin) {
        const response = yield* fromPromise(fetch(`${origin}/lab/stalls.html`));
        const reader = response.body?.getReader();
        const chunk = yield* fromPromise(reader?.read() ?? Promise.reject(new Error("no body")));
        yield* fromPromise(reader?.cancel() ?? Promise.resolve());
        return new TextDecoder().decode(chunk.value);
      }),
    );
    expect(text).toContain("Half a page");
  });
});
