// A new package of the workspace: what every package has, and its place in the lists that name all
// packages. What it may import and what it does is for its author to say.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A name that cannot be taken. */
export class PackageNameError extends Error {
  /** @override */
  name = "PackageNameError";
}

/**
 * Creates a package on top of `host`.
 *
 * @param {string} root the workspace
 * @param {string} name such as "cron"
 * @returns {string[]} the files that were written or changed
 */
export function createPackage(root, name) {
  checkName(root, name);
  /** @type {string[]} */
  const files = [];
  const write = (/** @type {string} */ file, /** @type {string} */ text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
    files.push(file);
  };
  const home = `packages/${name}`;
  const fn = camelCase(name);
  write(`${home}/package.json`, json(manifest(root, name)));
  write(`${home}/jsr.json`, json(jsrManifest(name)));
  write(`${home}/README.md`, readme(name, fn));
  write(`${home}/src/index.ts`, `export { ${fn} } from "./${name}.js";\n`);
  write(`${home}/src/${name}.ts`, source(name, fn));
  write(`${home}/test/${name}.test.ts`, test(name, fn));
  write(
    `.changeset/first-${name}.md`,
    `---\n"@trestle/${name}": minor\n---\n\nThe first version.\n`,
  );

  const order = "tooling/house/packages.js";
  const row = `  ${/^[a-z]+$/u.test(name) ? name : JSON.stringify(name)}: ["host"],\n`;
  write(order, read(root, order).replace(/(mayImport = \{\n(?: {2}.*\n)*)/u, `$1${row}`));
  const packaging = "tooling/packaging/package.json";
  const { dependencies, ...rest } = JSON.parse(read(root, packaging));
  const all = Object.entries({ ...dependencies, [`@trestle/${name}`]: "workspace:^" });
  const sorted = Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  write(packaging, json({ ...rest, dependencies: sorted }));
  return files;
}

/**
 * @param {string} root
 * @param {string} name
 */
function checkName(root, name) {
  const problem = !/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/u.test(name)
    ? "a name is of small letters, digits and single hyphens"
    : existsSync(path.join(root, "packages", name))
      ? "there is one of that name"
      : undefined;
  if (problem !== undefined) {
    throw new PackageNameError(`Cannot create the package '${name}': ${problem}.`);
  }
}

/**
 * @param {string} root
 * @param {string} name
 */
function manifest(root, name) {
  // What all packages agree on is copied from the one that stands on nothing.
  const model = JSON.parse(read(root, "packages/host/package.json"));
  return {
    ...model,
    name: `@trestle/${name}`,
    version: "0.0.0",
    description: `${name}, on a Host of Trestle.`,
    keywords: ["trestle"],
    dependencies: { "@trestle/host": "workspace:^" },
    devDependencies: { "@trestle/testing": "workspace:^" },
    "size-limit": [
      {
        name: `@trestle/${name}`,
        path: "dist/index.js",
        limit: "4 kB",
        gzip: true,
        ignore: ["@trestle/host"],
      },
    ],
  };
}

/** @param {string} name */
function jsrManifest(name) {
  return {
    name: `@trestle/${name}`,
    version: "0.0.0",
    license: "MIT",
    exports: { ".": "./dist/index.js" },
  };
}

/**
 * @param {string} name
 * @param {string} fn
 */
function source(name, fn) {
  return `import { platformHost, type Host } from "@trestle/host";

/**
 * Tells the time of a host.
 *
 * Source: ours. Flavor: either. It waits for nothing.
 *
 * @param host the platform's unless given
 * @returns milliseconds
 * @example
 * \`\`\`ts
 * import { ${fn} } from "@trestle/${name}";
 *
 * console.log(${fn}());
 * \`\`\`
 */
export function ${fn}(host: Host = platformHost()): number {
  return host.now();
}
`;
}

/**
 * @param {string} name
 * @param {string} fn
 */
function test(name, fn) {
  return `import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { ${fn} } from "../src/${name}.js";

test("tells the time of a host", () => {
  expect(${fn}(new VirtualHost({ startAt: 7 }))).toBe(7);
});
`;
}

/**
 * @param {string} name
 * @param {string} fn
 */
function readme(name, fn) {
  return `# @trestle/${name}

Tells the time of a host.

\`\`\`sh
npm install @trestle/${name}
\`\`\`

## Example

\`\`\`ts run
import { VirtualHost } from "@trestle/testing";
import { ${fn} } from "@trestle/${name}";

console.log(${fn}(new VirtualHost({ startAt: 7 })));
\`\`\`

\`\`\`text prints
7
\`\`\`
`;
}

/** @param {string} name */
function camelCase(name) {
  return name.replaceAll(/-([a-z\d])/gu, (_hyphen, letter) => letter.toUpperCase());
}

/** @param {unknown} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * @param {string} root
 * @param {string} file
 */
function read(root, file) {
  return readFileSync(path.join(root, file), "utf8");
}
