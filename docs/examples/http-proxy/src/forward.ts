// An ordinary request: asked for at the server, and its answer passed on, in one scope that ends when the client goes away.
//
//   scope              cancelled when the client has gone
//   └─ whileMoving     the deadline between two pieces
//      └─ nursery
//         ├─ upload    the body of the request
//         └─ body      waits for the answer, within a deadline; then passes it on
import {
  request as askFor,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import {
  BrokenResourceError,
  CancelScope,
  failAfter,
  isCancelled,
  openNursery,
  waitEvent,
  type Operation,
} from "@trestle/structured";
import { fromReadable, fromWritable } from "@trestle/structured/streams";
import { copy, whileMoving } from "./copy.js";
import { BadRequestError, failureOf } from "./failure.js";
import { endToEnd } from "./headers.js";
import type { Limits } from "./limits.js";

/** Forwards a request, and gives the status of the answer. */
export function* forward(
  request: IncomingMessage,
  response: ServerResponse,
  limits: Limits,
): Operation<string> {
  const scope = new CancelScope({ name: `${request.method} ${request.url}` });
  response.once("close", () => scope.cancel("the client has gone"));
  const { value } = yield* scope.run(function* (): Operation<string> {
    try {
      const bytes = yield* exchange(request, response, limits);
      return `${response.statusCode}, ${bytes} bytes`;
    } catch (error) {
      if (isCancelled(error)) throw error;
      const { status, why } = failureOf(error);
      // An answer that has begun cannot be taken back. That it is broken off is the only way to say so.
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { "content-type": "text/plain" }).end(`${why}\n`);
      return `${status}, ${why}`;
    }
  });
  return value ?? "the client has gone";
}

function* exchange(
  request: IncomingMessage,
  response: ServerResponse,
  limits: Limits,
): Operation<number> {
  const upstream = ask(request);
  try {
    return yield* openNursery(function* (nursery): Operation<number> {
      nursery.startSoon(upload, request, upstream);
      const [answer] = yield* failAfter(limits.answer, () =>
        waitEvent<[IncomingMessage]>(upstream, "response"),
      );
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      const bytes = yield* whileMoving(limits.idle, (moved) =>
        copy(fromReadable(answer), fromWritable(response), moved),
      );
      response.end();
      // Some servers answer before they have read all.
      nursery.cancelScope.cancel("answered");
      return bytes;
    });
  } finally {
    upstream.destroy();
  }
}

function ask(request: IncomingMessage): ClientRequest {
  const { method, url = "", headers } = request;
  if (!URL.canParse(url) || !url.startsWith("http:")) {
    throw new BadRequestError(`Cannot ask for "${url}": it is not http:.`);
  }
  // A connection of its own, which ends with it.
  return askFor(url, { method, headers: endToEnd(headers), agent: false });
}

function* upload(request: IncomingMessage, upstream: ClientRequest): Operation<void> {
  try {
    yield* copy(fromReadable(request), fromWritable(upstream));
    // To close the stream would be to destroy the request: here, only its body ends.
    upstream.end();
  } catch (error) {
    // The answer says more, or that there is none.
    if (!(error instanceof BrokenResourceError)) throw error;
  }
}
