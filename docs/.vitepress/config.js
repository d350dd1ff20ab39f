// The site. Its pages are the Markdown files of docs/, and those that `reference.js` makes.
import { defineConfig } from "vitepress";
import { drawDiagrams } from "./diagrams.js";
import { resolveLinks, rewrites } from "./links.js";
import { navigation, sidebars } from "./navigation.js";

/**
 * What the search looks through: the text and the headings. The examples are left out, whose highlighting takes most of the time.
 *
 * @param {string} source
 * @param {import("vitepress").MarkdownEnv} env
 * @param {{ render(source: string, env: object): string }} md
 */
function renderForSearch(source, env, md) {
  return md.render(source.replaceAll(/^```[^]*?^```$/gmu, ""), env);
}

export default defineConfig({
  title: "Trestle",
  description: "Structured concurrency and async/await in one TypeScript program.",
  lang: "en",
  srcExclude: ["test/**", "examples/*/!(README.md)", "examples/*/!(README.md)/**", "README.md"],
  rewrites: Object.fromEntries(rewrites),
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/trestle.svg" }]],
  lastUpdated: false,
  markdown: {
    theme: { light: "github-light", dark: "github-dark" },
    config: (md) => {
      md.use(resolveLinks);
      md.use(drawDiagrams);
    },
  },
  themeConfig: {
    logo: "/trestle.svg",
    nav: navigation,
    sidebar: sidebars,
    outline: [2, 3],
    search: { provider: "local", options: { _render: renderForSearch } },
    footer: { message: "MIT license" },
  },
});
