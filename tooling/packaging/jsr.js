// The packages for JSR. `node tooling/packaging/jsr.js` writes each package's jsr.json anew, after
// its package.json; with `--stage FOLDER` it lays out in a folder what `deno publish` takes: the
// built ESM files, each naming its declarations, with the manifests as one workspace, in which the
// packages find each other. The sources themselves cannot be published there: their imports end in
// `.js`, as Node wants it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/**
 * @typedef {object} JsrManifest
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {Record<string, string>} exports
 * @property {Record<string, string>} [imports] the dependencies that are not ours, and the package's own choices by platform
 */

const workspace = path.resolve(import.meta.dirname, "..", "..");
const packages = path.join(workspace, "packages");

/** @returns {string[]} the folders of the published packages */
export function jsrPackages() {
  return readdirSync(packages).toSorted();
}

/**
 * The manifest for JSR of a package. Every name there has a scope.
 *
 * @param {string} folder such as "host"
 * @returns {JsrManifest}
 */
export function jsrManifest(folder) {
  const file = path.join(packages, folder, "package.json");
  const {
    name,
    version,
    license,
    exports,
    dependencies = {},
    imports: choices = {},
  } = JSON.parse(readFileSync(file, "utf8"));
  const foreign = Object.entries(dependencies).filter(([other]) => !isOurs(other));
  const imports = [
    ...foreign.map(([other, range]) => [other, `npm:${other}@${range}`]),
    ...Object.entries(choices).map(([name, target]) => [name, target.default]),
  ];
  return {
    name: name.startsWith("@") ? name : `@trestle/${name}`,
    version,
    license,
    exports: Object.fromEntries(
      Object.entries(exports)
        .filter(([, target]) => target.import !== undefined)
        .map(([subpath, target]) => [subpath, target.import.default]),
    ),
    ...(imports.length > 0 ? { imports: Object.fromEntries(imports) } : {}),
  };
}

/** @param {string} name */
function isOurs(name) {
  return name === "trestle" || name.startsWith("@trestle/");
}

/** Writes the manifests into the packages. */
export function writeManifests() {
  for (const folder of jsrPackages()) write(path.join(packages, folder), jsrManifest(folder));
}

/**
 * Lays out what is to be published, of packages that are built.
 *
 * @param {string} stage the folder, made anew
 */
export function layOut(stage) {
  rmSync(stage, { recursive: true, force: true });
  const folders = jsrPackages();
  for (const folder of folders) {
    const home = path.join(stage, folder);
    mkdirSync(path.join(home, "dist"), { recursive: true });
    write(home, jsrManifest(folder));
    cpSync(path.join(workspace, "LICENSE"), path.join(home, "LICENSE"));
    const readme = path.join(packages, folder, "README.md");
    if (existsSync(readme)) cpSync(readme, path.join(home, "README.md"));
    layOutBuild(path.join(packages, folder, "dist"), path.join(home, "dist"));
  }
  const members = folders.map((folder) => `./${folder}`);
  writeFileSync(path.join(stage, "deno.json"), `${JSON.stringify({ workspace: members })}\n`);
}

/**
 * @param {string} from
 * @param {string} to
 */
function layOutBuild(from, to) {
  const files = readdirSync(from);
  for (const file of files.filter((name) => /(?<!\.d)\.js$|\.d\.ts$/u.test(name))) {
    const text = readFileSync(path.join(from, file), "utf8");
    const declarations = file.replace(/\.js$/u, ".d.ts");
    const named = file.endsWith(".js") && files.includes(declarations);
    const head = named ? `/* @ts-self-types="./${declarations}" */\n` : "";
    writeFileSync(path.join(to, file), head + text.replace(/\n\/\/# sourceMappingURL=.*/u, ""));
  }
}

/**
 * @param {string} folder
 * @param {JsrManifest} manifest
 */
function write(folder, manifest) {
  writeFileSync(path.join(folder, "jsr.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const [option, stage] = process.argv.slice(2);
  if (option === "--stage" && stage !== undefined) layOut(path.resolve(stage));
  else writeManifests();
}
