import path from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, describe } from "@trestle/host";
import { resolveSpecifier, specifierIn } from "./specifier.js";
import { WorkReferenceError } from "./work-reference-error.js";
import type { ModuleReference, WorkReference } from "./work-reference.js";

type Load = () => PromiseLike<unknown>;

const loads = new WeakMap<WorkReference<never[], unknown>, Load>();

/**
 * Refers to a module, so that its functions can be run elsewhere: `work.crunch` stands for its export `crunch`, with the types of
 * its arguments and of its result. The module is not loaded here.
 *
 * The first form reads the module's name out of the text of the function, which must be a plain `() => import("...")`; so editors
 * follow it, and bundlers that split code adapt it. Where a bundler makes one file of everything, let it build the module as
 * another entry, and give its URL: the second form.
 *
 * It waits for nothing. Source: ours. Flavor: either.
 *
 * @param load imports the module; it is not called, but by an InlineExecutor
 * @param from where that is written: `import.meta`, or in CommonJS `__filename`
 * @throws WorkReferenceError where the text names no module; ArgumentError
 * @example
 * ```ts no-run
 * import { moduleRef, ThreadExecutor } from "@trestle/executor";
 *
 * const work = moduleRef(() => import("node:zlib"), import.meta);
 * await using executor = new ThreadExecutor();
 * console.log(await executor.submit(work.gzipSync, ["some text"]));
 * ```
 */
export function moduleRef<M>(
  load: () => PromiseLike<M>,
  from: { readonly url: string } | string,
): ModuleReference<M>;
/**
 * The same by the module's URL: `moduleRef<typeof import("./work.js")>(new URL("./work.js", import.meta.url))`.
 *
 * @param url of the module
 */
export function moduleRef<M>(url: URL | string): ModuleReference<M>;
export function moduleRef<M>(
  given: (() => PromiseLike<M>) | URL | string,
  from?: { readonly url: string } | string,
): ModuleReference<M> {
  if (typeof given === "function") {
    return referencesTo(moduleOf(given, urlOf(from, "where it is imported")), given);
  }
  return referencesTo(urlOf(given, "a module"), undefined);
}

/** What imports the module of a reference here: the function that it was made of, where it was. */
export function loadOf(work: WorkReference<never[], unknown>): Load | undefined {
  return loads.get(work);
}

function moduleOf(load: Load, from: string): string {
  const specifier = specifierIn(load);
  if (specifier !== undefined) return resolveSpecifier(specifier, from);
  throw new WorkReferenceError(
    `Cannot refer to a module: there is no import in ${JSON.stringify(load.toString().slice(0, 120))}.\n` +
      "Write `moduleRef(() => import('./work.js'), import.meta)`. Where a bundler has put everything into one file, build the " +
      "module as another entry, and refer to it by its URL.",
  );
}

function urlOf(value: unknown, what: string): string {
  const url = typeof value === "object" && value !== null && "url" in value ? value.url : value;
  if (url instanceof URL) return url.href;
  if (typeof url === "string") {
    if (path.isAbsolute(url)) return pathToFileURL(url).href;
    if (URL.canParse(url)) return url;
  }
  throw new ArgumentError(
    `Cannot refer to ${what} by ${describe(value)}: a URL is wanted, or the path of a file.\n` +
      "Write `moduleRef(() => import('./work.js'), import.meta)`, or `moduleRef(new URL('./work.js', import.meta.url))`.",
  );
}

/** The references of a module, made as they are asked for: which functions there are is not known here. */
function referencesTo<M>(module: string, load: Load | undefined): ModuleReference<M> {
  const references = new Map<string, WorkReference<never[], unknown>>();
  return new Proxy({} as ModuleReference<M>, {
    get: (_, name) => {
      // Whoever awaits it, or prints it, asks for these.
      if (typeof name === "symbol" || name === "then") return undefined;
      let reference = references.get(name);
      if (reference === undefined) {
        reference = Object.freeze({ module, name });
        references.set(name, reference);
        if (load !== undefined) loads.set(reference, load);
      }
      return reference;
    },
  });
}
