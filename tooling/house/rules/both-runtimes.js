import { crossings, packageOf, runtimes } from "../packages.js";
import { importsOf } from "../syntax.js";
import { sourcesOf } from "../workspace.js";

/** @import { Rule } from "../workspace.js" */

/**
 * A file that names both runtimes is in the bridge (or in `trestle`, which only lists names).
 *
 * @type {Rule}
 */
export const bothRuntimes = (workspace) =>
  sourcesOf(workspace).flatMap(({ file, packageName }) => {
    if (crossings.includes(packageName)) return [];
    const named = importsOf(file).filter(({ specifier }) =>
      runtimes.includes(packageOf(specifier)?.package ?? ""),
    );
    const first = packageOf(named[0]?.specifier ?? "")?.package;
    const second = named.find(({ specifier }) => packageOf(specifier)?.package !== first);
    if (second === undefined) return [];
    return [
      {
        path: file.path,
        line: second.line,
        problem: "this file names both runtimes",
        instead:
          "only packages/bridge crosses: split the file by flavor, or move the crossing there",
      },
    ];
  });
