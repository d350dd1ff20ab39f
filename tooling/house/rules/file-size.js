import { sourcesOf } from "../workspace.js";

/** @import { Rule } from "../workspace.js" */

const warnAbove = 250;
const failAbove = 400;

/**
 * A source is a page or two: a warning above 250 lines, an error above 400.
 *
 * @type {Rule}
 */
export const fileSize = (workspace) =>
  sourcesOf(workspace).flatMap(({ file }) => {
    const lines = file.text.replace(/\n$/u, "").split("\n").length;
    if (lines <= warnAbove) return [];
    const tooLong = lines > failAbove;
    return [
      {
        path: file.path,
        line: tooLong ? failAbove + 1 : warnAbove + 1,
        problem: `${lines} lines, more than ${tooLong ? failAbove : warnAbove}`,
        instead: "give the second thing that it owns a file of its own",
        severity: tooLong ? "error" : "warning",
      },
    ];
  });
