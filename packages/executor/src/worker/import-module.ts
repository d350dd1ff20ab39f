// How a thread imports the module of a job. A thread does not get the loader that its parent runs TypeScript with: tsx on Node 20
// and test runners load files in their own thread only. So where Node cannot import a module by itself, tsx is asked, if the
// project has it. And where a module is named as it will be when built, as TypeScript wants it, its source is taken until then.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { WorkReferenceError } from "../work-reference-error.js";

const notForNode = new Set(["ERR_UNKNOWN_FILE_EXTENSION", "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"]);

let isHooked = false;

/** @throws WorkReferenceError where the module cannot be found or is TypeScript that nobody here can read; what the module throws */
export async function importModule(url: string): Promise<unknown> {
  const isTypeScript = /\.[cm]?tsx?$/u.test(url);
  const isForTsx = !canStripTypes() || (remembersFailures() && findTsx(url) !== undefined);
  if (isTypeScript && isForTsx) await hookTypeScript(url);
  try {
    return await import(url);
  } catch (error) {
    const { code } = (error ?? {}) as { readonly code?: unknown };
    const isMissing = code === "ERR_MODULE_NOT_FOUND";
    if (!isHooked && (notForNode.has(code as string) || (isMissing && isTypeScript))) {
      await hookTypeScript(url, error);
      return import(url);
    }
    const source = isMissing ? unbuiltSource(url) : undefined;
    if (source !== undefined) return importModule(source);
    if (isMissing) throw notFound(url, error);
    throw error;
  }
}

/** The TypeScript file that a file which is not there would be built from. */
function unbuiltSource(url: string): string | undefined {
  const source = url.replace(/\.([cm]?)js$/u, ".$1ts");
  if (source === url || !url.startsWith("file:") || existsSync(new URL(url))) return undefined;
  return existsSync(new URL(source)) ? source : undefined;
}

/** Whether this platform imports TypeScript by itself. */
function canStripTypes(): boolean {
  const { versions, features } = process as {
    readonly versions: Partial<Record<string, string>>;
    readonly features: { readonly typescript?: unknown };
  };
  return Boolean(features.typescript) || versions["bun"] !== undefined || "Deno" in globalThis;
}

/** Whether an import that has failed fails again, whatever was hooked meanwhile: so it does on Node before 24. */
function remembersFailures(): boolean {
  const { versions } = process as { readonly versions: Partial<Record<string, string>> };
  return versions["bun"] === undefined && Number.parseInt(versions["node"] ?? "", 10) < 24;
}

async function hookTypeScript(url: string, cause?: unknown): Promise<void> {
  if (isHooked) return;
  const file = findTsx(url);
  if (file === undefined) {
    throw new WorkReferenceError(
      `Cannot import ${url} in a thread: it is TypeScript, which ${process.version} does not read by itself, and tsx is not installed.\n` +
        "Install tsx beside it, or build it to JavaScript.",
      cause === undefined ? undefined : { cause },
    );
  }
  const tsx = (await import(file)) as { register(): unknown };
  tsx.register();
  isHooked = true;
}

/** The file of tsx's call for this; its CommonJS build, which a resolution here would find, fails on Node 20. */
function findTsx(url: string): string | undefined {
  try {
    const manifest = createRequire(url).resolve("tsx/package.json");
    const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as {
      readonly exports: Record<string, { readonly import: { readonly default: string } }>;
    };
    const entry = exports["./esm/api"]?.import.default;
    return entry === undefined
      ? undefined
      : pathToFileURL(path.join(path.dirname(manifest), entry)).href;
  } catch {
    return undefined;
  }
}

function notFound(url: string, cause: unknown): WorkReferenceError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WorkReferenceError(`Cannot import ${url} in a thread: ${why}`, { cause });
}
