// Which module `() => import("./work.js")` imports: read from the function's text, and never by running it, so that the work is not
// loaded in this thread. Bundlers that split code write the new file's name into the import, so the text is right there too.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { WorkReferenceError } from "./work-reference-error.js";

// TypeScript and bundlers turn an import into a require, vite into a function of its own.
const imported =
  /(?:\bimport|\brequire|\b__vite_ssr_dynamic_import__|\b__vi_import__)\s*\(\s*(?:\/\*[\s\S]*?\*\/\s*)*(["'`])((?:(?!\1)[^\\$])+)\1/u;

/** The specifier that a function imports; undefined where there is none in its text. */
export function specifierIn(load: () => unknown): string | undefined {
  return imported.exec(Function.prototype.toString.call(load))?.[2];
}

/**
 * The URL that a specifier in a module stands for.
 *
 * @param from the URL of the module
 * @throws WorkReferenceError
 */
export function resolveSpecifier(specifier: string, from: string): string {
  if (/^\.\.?\//u.test(specifier)) return new URL(specifier, from).href;
  if (specifier.startsWith("/@fs/")) return pathToFileURL(specifier.slice("/@fs".length)).href;
  if (specifier.startsWith("/")) return resolveRooted(specifier, from);
  if (/^[a-z][a-z\d+.-]+:/iu.test(specifier)) return specifier;
  try {
    const resolved = createRequire(from).resolve(specifier);
    return path.isAbsolute(resolved) ? pathToFileURL(resolved).href : resolved;
  } catch (cause) {
    throw new WorkReferenceError(
      `Cannot refer to the module '${specifier}': ${from} cannot import it.`,
      { cause },
    );
  }
}

// A path from the root of a project, as vite writes it; where that is, only the folders above the module can tell.
function resolveRooted(specifier: string, from: string): string {
  let folder = path.dirname(fileURLToPath(from));
  for (;;) {
    const file = path.join(folder, specifier);
    if (existsSync(file)) return pathToFileURL(file).href;
    const above = path.dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return pathToFileURL(specifier).href;
}
