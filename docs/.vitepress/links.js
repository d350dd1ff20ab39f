// Links of the pages. The documents are read in the repository as well, so they link to files: to a README, a source, a test.
// On the site a README is the page that it became, and a file that is no page is named, and not linked.
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { workspaceRoot } from "./workspace-root.js";

const docs = path.join(workspaceRoot, "docs");
/** Files outside of docs/ that are pages all the same, or have one in their place. */
const pages = new Map([
  ["README.md", "index.md"],
  ["packages/trestle/README.md", "index.md"],
]);
for (const name of ["structured", "loop", "bridge", "executor", "io", "testing", "host"]) {
  pages.set(`packages/${name}/README.md`, `guide/${name}.md`);
}

/**
 * A rule for markdown-it, which goes over the links of a page before VitePress does.
 *
 * @param {import("vitepress").MarkdownRenderer} md
 */
export function resolveLinks(md) {
  md.core.ruler.push("links-of-the-repository", (state) => {
    const page = /** @type {{ relativePath?: string }} */ (state.env).relativePath;
    if (page === undefined) return;
    for (const block of state.tokens) {
      /** @type {string[]} what closes the links that are open */
      const closing = [];
      for (const token of block.children ?? []) {
        if (token.type === "link_open") closing.push(resolveLink(token, page));
        else if (token.type === "link_close") token.tag = closing.pop() ?? token.tag;
      }
    }
  });
}

/**
 * @param {{ tag: string, attrs: [string, string][] | null, attrGet(name: string): string | null }} link
 * @param {string} page the page it is on, from docs/
 * @returns {string} the tag that it has now
 */
function resolveLink(link, page) {
  const address = link.attrGet("href") ?? "";
  if (/^(?:[a-z]+:|#|\/)/iu.test(address) || address === "") return link.tag;
  const [name = "", fragment] = address.split("#");
  const file = path.resolve(docs, path.dirname(sourceOf(page)), decodeURI(name));
  const target = pageOf(file);
  if (target === undefined) {
    link.tag = "span";
    link.attrs = [
      ["class", "file"],
      ["title", path.relative(workspaceRoot, file)],
    ];
  } else {
    const relative = path.posix.relative(path.posix.dirname(page), target);
    const href = `${relative.startsWith(".") ? "" : "./"}${relative}`;
    link.attrs = [["href", fragment === undefined ? href : `${href}#${fragment}`]];
  }
  return link.tag;
}

/**
 * @param {string} page from docs/
 * @returns {string} the file that it was made of, from docs/
 */
function sourceOf(page) {
  const rewritten = [...rewrites].find(([, to]) => to === page);
  return rewritten?.[0] ?? page;
}

/** Pages that have another address than their file. */
export const rewrites = new Map([
  ["decisions/README.md", "decisions/index.md"],
  ["examples/site-check/README.md", "examples/site-check.md"],
  ["examples/job-runner/README.md", "examples/job-runner.md"],
  ["examples/watch-rebuild/README.md", "examples/watch-rebuild.md"],
]);

/**
 * @param {string} file
 * @returns {string | undefined} the page, from docs/
 */
function pageOf(file) {
  const fromTop = path.relative(workspaceRoot, file).replaceAll(path.sep, "/");
  const known = pages.get(fromTop);
  if (known !== undefined && existsSync(path.join(docs, known))) return known;
  if (!existsSync(file)) return undefined;
  if (statSync(file).isDirectory()) return pageOf(path.join(file, "README.md"));
  if (!fromTop.startsWith("docs/") || !fromTop.endsWith(".md")) return undefined;
  const page = fromTop.slice("docs/".length);
  return rewrites.get(page) ?? page;
}
