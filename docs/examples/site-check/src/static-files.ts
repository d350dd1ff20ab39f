// The files of a folder as a site, as a plain web server would show them.
import { createReadStream, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { abortable } from "@trestle/structured";
import type { Handler } from "./serve.js";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".htm": "text/html; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xhtml": "application/xhtml+xml",
  ".xml": "application/xml",
};

/** Serves the files of a folder; `/guide/` is `guide/index.html`. */
export function staticFiles(folder: string): Handler {
  // A promise that we start ourselves is one that we wait for: on a cancel the signal ends the stream, and the task goes
  // on only when the file is closed.
  return (request, response) =>
    abortable((signal) => sendFile(path.resolve(folder), request, response, signal));
}

async function sendFile(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(response, 405, { allow: "GET, HEAD" });
  }
  const pathname = pathOf(request);
  if (pathname === undefined) return refuse(response, 400);
  const file = path.join(folder, pathname, pathname.endsWith("/") ? "index.html" : "");
  const found = await lookUp(file, folder);
  if (found === undefined) return refuse(response, 404);
  if (found.isDirectory()) {
    return refuse(response, 301, { location: `./${encodeURIComponent(path.basename(file))}/` });
  }
  if (!found.isFile()) return refuse(response, 403);
  response.writeHead(200, {
    "content-type": CONTENT_TYPES[path.extname(file).toLowerCase()] ?? "application/octet-stream",
    "content-length": found.size,
  });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(file), response, { signal });
}

/** The path that is asked for, decoded; undefined where it makes no sense. */
function pathOf(request: IncomingMessage): string | undefined {
  try {
    const pathname = decodeURIComponent(new URL(`http://localhost${request.url}`).pathname);
    return pathname.includes("\0") ? undefined : pathname;
  } catch {
    return undefined;
  }
}

/** What is there; nothing, where it lies outside of the folder, be it by `..` or by a link. */
async function lookUp(file: string, folder: string): Promise<Stats | undefined> {
  try {
    const wayThere = path.relative(await realpath(folder), await realpath(file));
    if (wayThere.split(path.sep)[0] === ".." || path.isAbsolute(wayThere)) return undefined;
    return await stat(file);
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(`${status} ${response.statusMessage}\n`);
}
