import { importsOf, resolveRelative } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Finding, Rule } from "../workspace.js" */

/**
 * No circle of imports among the sources of a package. Types may refer to each other: `import type`
 * loads nothing.
 *
 * @type {Rule}
 */
export const importCycles = (workspace) => {
  const paths = new Set(workspace.texts.keys());
  /** @type {Map<string, { target: string, line: number }[]>} */
  const edges = new Map();
  for (const { file } of sourcesOf(workspace)) {
    const targets = importsOf(file)
      .filter(({ specifier, typeOnly }) => specifier.startsWith(".") && !typeOnly)
      .map(({ specifier, line }) => ({
        target: resolveRelative(paths, file.path, specifier),
        line,
      }));
    edges.set(file.path, targets);
  }

  /** @type {Finding[]} */
  const findings = [];
  const finished = new Set();
  /** @type {string[]} */
  const way = [];
  const visit = (/** @type {string} */ name) => {
    way.push(name);
    for (const { target, line } of edges.get(name) ?? []) {
      const start = way.indexOf(target);
      if (start >= 0) {
        const circle = [...way.slice(start), target].map((step) =>
          step.split("/").slice(3).join("/"),
        );
        findings.push({
          path: name,
          line,
          problem: `a circle of imports: ${circle.join(" -> ")}`,
          instead:
            "let one of them know less: move what both need to a third file, pass a callback, or `import type`",
        });
      } else if (!finished.has(target)) {
        visit(target);
      }
    }
    way.pop();
    finished.add(name);
  };
  for (const name of edges.keys()) if (!finished.has(name)) visit(name);
  return findings;
};
