// The site that is checked: one of the web, or a folder that is served for as long as the check takes.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fromPromise, type Operation } from "@trestle/structured";
import { UsageError, type Target } from "./arguments.js";
import { misbehaving } from "./misbehaviour.js";
import { serve } from "./serve.js";
import { staticFiles } from "./static-files.js";

/** The pages of the demo, beside the built program as well as beside its source. */
const DEMO_FOLDER = fileURLToPath(new URL("../site/", import.meta.url));

/**
 * Runs a body while the site can be reached.
 *
 * @param body gets the addresses to start from
 * @throws UsageError where the target is a folder that cannot be served
 */
export function* openSite<T>(
  target: Target,
  body: (start: readonly [string, ...string[]]) => Operation<T>,
): Operation<T> {
  switch (target.kind) {
    case "site":
      return yield* body([target.address]);
    case "demo":
      return yield* serve(misbehaving(staticFiles(DEMO_FOLDER)), (origin) => body([`${origin}/`]));
    case "folder": {
      const [first, ...others] = yield* fromPromise(entryPages(target.folder));
      return yield* serve(staticFiles(target.folder), (origin) =>
        body([`${origin}${first}`, ...others.map((page) => `${origin}${page}`)]),
      );
    }
  }
}

/** Where a visitor would come in: the front page; where there is none, each page of the folder. */
async function entryPages(folder: string): Promise<[string, ...string[]]> {
  const names = await namesIn(folder);
  if (names.includes("index.html")) return ["/"];
  const [first, ...others] = names
    .filter((name) => /\.x?html?$/i.test(name))
    .toSorted()
    .map((name) => `/${encodeURIComponent(name)}`);
  if (first !== undefined) return [first, ...others];
  throw new UsageError(
    `Cannot check "${folder}": there is no HTML file in it.\nName the folder that holds the site's index.html.`,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    if ((await stat(folder)).isDirectory()) return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UsageError(
      `Cannot check "${folder}": there is no such folder.\nThe address of a site begins with http:// or https://.`,
    );
  }
  throw new UsageError(
    `Cannot check "${folder}": it is not a folder.\nName the folder it is in: "${path.dirname(folder)}".`,
  );
}
