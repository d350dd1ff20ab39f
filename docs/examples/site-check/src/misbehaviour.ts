// What can go wrong with a site, on purpose: the handler for the demo, which serves the files of the bundled site and has a
// script for some of them. Everything is decided by the path and by how often it was asked for, so each run is the same.
import type { ServerResponse } from "node:http";
import { sleep, sleepForever, type Operation } from "@trestle/structured";
import type { Handler } from "./serve.js";

/** Serves as `files` does, apart from the pages that have a script. */
export function misbehaving(files: Handler): Handler {
  const timesAsked = new Map<string, number>();
  return function* (request, response): Operation<void> {
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    const time = (timesAsked.get(pathname) ?? 0) + 1;
    timesAsked.set(pathname, time);
    switch (pathname) {
      case "/lab/slow.html":
        yield* sleep(400);
        return yield* files(request, response);
      case "/lab/hangs.html":
        // Not a leak: the server's nursery owns this task, and cancels it when the client goes or the demo ends.
        return yield* sleepForever();
      case "/lab/stalls.html":
        response.writeHead(200, { "content-type": "text/html" });
        response.write("<!doctype html><title>Half a page</title><p>Here it ends");
        return yield* sleepForever();
      case "/lab/busy-at-first.html":
        if (time === 1) return answer(response, 503);
        return yield* files(request, response);
      case "/lab/drops-at-first.html":
        if (time === 1) return void request.socket.destroy();
        return yield* files(request, response);
      case "/lab/fails.html":
        return answer(response, 500);
      case "/lab/moved.html":
        return answer(response, 301, "/guide/nurseries.html");
      case "/lab/circle-1.html":
        return answer(response, 302, "circle-2.html");
      case "/lab/circle-2.html":
        return answer(response, 302, "circle-3.html");
      case "/lab/circle-3.html":
        return answer(response, 302, "circle-1.html");
      case "/lab/maze.html":
        return answer(response, 302, `?turn=${Number(searchParams.get("turn") ?? 0) + 1}`);
      default:
        return yield* files(request, response);
    }
  };
}

function answer(response: ServerResponse, status: number, location?: string): void {
  response.writeHead(status, location === undefined ? {} : { location });
  response.end();
}
