// The docstrings of the public names: what `docs/house.md` wants to be in one, and what is not there.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { filesIn, root } from "./files.js";

/** A public name, where it is declared, and what stands above it. */
export interface PublicName {
  /** The package's folder and the name: "loop: gather". */
  readonly title: string;
  readonly kind: "function" | "class" | "error" | "type" | "value";
  readonly docstring: string;
  /** The declaration, up to its body. */
  readonly head: string;
}

/** What the entries of the packages list, but those of `trestle`, which has no names of its own. */
export function publicNames(): PublicName[] {
  const entries = filesIn("packages").filter((file) =>
    /^packages\/(?!trestle\/)[^/]+\/src\/[^/]+\.ts$/u.test(file),
  );
  return entries.flatMap((entry) => {
    const lists = read(entry).matchAll(
      /^export (?:type )?\{(?<names>[^}]*)\} from "(?<from>\.[^"]+)";/gmu,
    );
    return [...lists].flatMap(({ groups = {} }) => {
      const { names = "", from = "" } = groups;
      const file = path.posix.join(path.posix.dirname(entry), from.replace(/\.js$/u, ".ts"));
      return names
        .split(",")
        .map((name) => name.trim().replace(/^type /u, ""))
        .filter((name) => name !== "")
        .flatMap((name) => declared(entry, file, name));
    });
  });
}

function declared(entry: string, file: string, listed: string): PublicName[] {
  const [name = "", publicName = name] = listed.split(" as ");
  if (!existsSync(path.join(root, file))) return [];
  const declaration = new RegExp(
    `(?:/\\*\\*(?<docstring>(?:(?!\\*/)[^])*)\\*/\\s*)?^export (?:declare )?(?:abstract )?(?:async )?(?<kind>function\\*?|class|interface|type|const|let) ${name}\\b(?<head>[^]*?)(?:\\{$|;$)`,
    "mu",
  );
  const { docstring = "", kind = "", head = "" } = declaration.exec(read(file))?.groups ?? {};
  const title = `${path.posix.dirname(path.posix.dirname(entry)).slice("packages/".length)}: ${publicName}`;
  return [{ title, kind: kindOf(kind, name), docstring, head }];
}

function kindOf(word: string, name: string): PublicName["kind"] {
  if (word.startsWith("function")) return "function";
  if (word === "class") return isError(name) ? "error" : "class";
  return word === "interface" || word === "type" ? "type" : "value";
}

/** Errors are made by the library: `docs/errors.md` says of each when, and what to do. */
function isError(name: string): boolean {
  return /(?:Error|Warning|Cancelled|Queue(?:Full|Empty|ShutDown)|WouldBlock|EndOfChannel)$/u.test(
    name,
  );
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** What is not in a docstring and should be: one word for each thing. */
export function gapsOf({ kind, docstring, head }: PublicName): string[] {
  if (docstring.trim() === "") return ["sentence"];
  if (kind === "error" || kind === "type" || kind === "value") return [];
  const text = docstring.replace(/@example[^]*/u, "");
  const waits = /\)\s*:\s*(?:Operation|Promise|Future|Task)</u.test(head);
  const wanted = {
    flavor: /flavor/iu.test(text),
    source: /\bSource:/u.test(text),
    example: text !== docstring,
    errors: kind === "class" || /\bthrows?\b|rejects/iu.test(text),
    cancellation: !waits || /cancel|wait/iu.test(text),
  };
  return Object.entries(wanted).flatMap(([thing, isThere]) => (isThere ? [] : [thing]));
}
