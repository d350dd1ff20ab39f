// The reference: a page for each class and function that a package exports, made of the docstrings. TypeDoc reads the sources,
// and its Markdown plugin writes below docs/api, which is no part of the repository.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Application, Converter, DeclarationReflection } from "typedoc";
import { workspaceRoot } from "./workspace-root.js";

/** Where the pages are written. */
const referenceFolder = path.join(workspaceRoot, "docs", "api");

/**
 * @typedef {object} Entry
 * @property {string} specifier what users import, such as "@trestle/structured/lowlevel"
 * @property {string} source its source, from the top of the workspace
 */

/**
 * What the published packages export, by their exports maps. `trestle` has no names of its own, and is left out.
 *
 * @returns {Entry[]}
 */
export function referenceEntries() {
  const packages = path.join(workspaceRoot, "packages");
  return readdirSync(packages)
    .toSorted()
    .filter((name) => name !== "trestle" && existsSync(path.join(packages, name, "package.json")))
    .flatMap((name) => {
      const manifest = JSON.parse(readFileSync(path.join(packages, name, "package.json"), "utf8"));
      return Object.entries(manifest.exports)
        .filter(([, files]) => typeof files === "object" && "@trestle/source" in files)
        .map(([subpath, files]) => ({
          specifier: manifest.name + subpath.slice(1),
          source: path.posix.join("packages", name, files["@trestle/source"]),
        }))
        .filter(({ source }) => exportsSomething(source));
    });
}

/**
 * @param {string} source
 * @returns {boolean}
 */
function exportsSomething(source) {
  const file = path.join(workspaceRoot, source);
  return existsSync(file) && /^export \{\s*\w|^export (?!\{)/mu.test(readFileSync(file, "utf8"));
}

/** Writes the pages anew. */
export async function writeReference() {
  rmSync(referenceFolder, { recursive: true, force: true });
  const entries = referenceEntries();
  const app = await Application.bootstrapWithPlugins(optionsFor(entries));
  const specifiers = new Map(
    entries.map(({ specifier, source }) => [path.join(workspaceRoot, source), specifier]),
  );
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    // TypeDoc names modules after their files; readers know them by what they import.
    for (const module of project.children ?? []) {
      const file = project.getSymbolIdFromReflection(module)?.fileName ?? "";
      module.name = specifiers.get(path.normalize(file)) ?? module.name;
    }
    leaveOut(project);
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("Cannot make the reference: see above.");
  await app.generateOutputs(project);
  mendAnchors();
}

/** Some links count a heading twice, and end in "-1" where there is but one of its kind: they lead to the one. */
function mendAnchors() {
  const pages = readdirSync(referenceFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(referenceFolder, name));
  const texts = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
  for (const [page, text] of texts) {
    const mended = text.replaceAll(
      /\]\((?<name>[^)#\s]*)#(?<heading>\w+)-\d+\)/gu,
      (link, name, heading) => {
        const target = texts.get(name === "" ? page : path.join(path.dirname(page), name)) ?? "";
        const found = target.match(new RegExp(`^#+ ${heading}\\b`, "gimu")) ?? [];
        return found.length === 1 ? `](${name}#${heading})` : link;
      },
    );
    if (mended !== text) writeFileSync(page, mended);
  }
}

/**
 * Leaves out what readers have read elsewhere: members that a class inherits from one that has a page, members of which the key
 * is a symbol of ours, and the text of a further overload where it is that of the first.
 *
 * @param {import("typedoc").ProjectReflection} project
 */
function leaveOut(project) {
  for (const reflection of Object.values(project.reflections)) {
    if (!(reflection instanceof DeclarationReflection)) continue;
    const isOurs =
      reflection.name.startsWith("[") && !/async|dispose|iterator/iu.test(reflection.name);
    if (reflection.inheritedFrom !== undefined || isOurs) {
      project.removeReflection(reflection);
      continue;
    }
    const [first, ...further] = reflection.signatures ?? [];
    for (const signature of further) {
      if (textOf(signature) === textOf(first)) delete signature.comment;
    }
  }
}

/**
 * @param {import("typedoc").SignatureReflection | undefined} signature
 */
function textOf(signature) {
  return signature?.comment?.summary.map(({ text }) => text).join("");
}

/**
 * @param {Entry[]} entries
 * @returns {import("typedoc").TypeDocOptions}
 */
function optionsFor(entries) {
  /** @type {Record<string, unknown>} */
  const options = {
    plugin: ["typedoc-plugin-markdown"],
    name: "Reference",
    entryPoints: entries.map(({ source }) => path.join(workspaceRoot, source)),
    tsconfig: path.join(workspaceRoot, "tsconfig.json"),
    // `pnpm typecheck` has done that.
    skipErrorChecking: true,
    logLevel: "Warn",
    readme: "none",
    disableSources: true,
    disableGit: true,
    excludeInternal: true,
    excludePrivate: true,
    // Of what errors inherit from Error readers know enough.
    excludeExternals: true,
    out: referenceFolder,
    entryFileName: "index",
    membersWithOwnFile: ["Class", "Function"],
    hidePageHeader: true,
    hideBreadcrumbs: true,
    kindSortOrder: ["Function", "Class", "Interface", "TypeAlias", "Variable"],
    sort: ["kind", "alphabetical-ignoring-documents"],
    useCodeBlocks: true,
    indexFormat: "table",
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    classPropertiesFormat: "table",
    typeAliasPropertiesFormat: "table",
    propertyMembersFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: {
      hideSources: true,
      hideDefaults: true,
      hideInherited: true,
      hideModifiers: true,
    },
  };
  return options;
}
