// Diagrams: a block "mermaid" is drawn when the site is built, in the colors of the page's theme.
import { renderMermaidSVG } from "beautiful-mermaid";

/** The colors of the drawing, which are those of the page, light or dark. */
const colors = {
  bg: "var(--vp-c-bg)",
  fg: "var(--vp-c-text-1)",
  line: "var(--vp-c-text-3)",
  accent: "var(--vp-c-brand-1)",
  muted: "var(--vp-c-text-2)",
  surface: "var(--vp-c-bg-soft)",
  border: "var(--vp-c-divider)",
};

/**
 * A rule for markdown-it.
 *
 * @param {import("vitepress").MarkdownRenderer} md
 */
export function drawDiagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() === "mermaid") return drawn(token.content);
    return fence?.(tokens, index, options, env, self) ?? "";
  };
}

/**
 * @param {string} text
 * @returns {string}
 */
function drawn(text) {
  const title = /^%% (.+)$/mu.exec(text)?.[1] ?? "A diagram";
  // The renderer looks for the kind of diagram in the first line, so that must be no comment.
  const svg = renderMermaidSVG(text.replaceAll(/^%%.*\n/gmu, ""), colors)
    // Vue takes no style within a page: it is in theme/style.css.
    .replace(/<style>[^]*?<\/style>/u, "")
    .replace("<svg ", `<svg role="img" aria-label="${title.replaceAll('"', "&quot;")}" `);
  return `<figure class="diagram">${svg}</figure>\n`;
}
