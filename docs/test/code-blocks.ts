// The examples of the documents: every `ts` block of the Markdown files and of the sources' docstrings. Each is a module of its
// own, found where a reader finds it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { filesAtTop, filesIn, root } from "./files.js";

/** An example, and where it stands. */
export interface CodeBlock {
  /** The file, from the top of the workspace. */
  readonly file: string;
  /** The line of the block's first line, counted from 1. */
  readonly line: number;
  readonly text: string;
  /** Whether it is marked to be run: "ts run". */
  readonly runs: boolean;
  /** What it prints, where a block "text prints" comes next. */
  readonly prints: string | undefined;
}

/** All examples of the workspace. */
export function findCodeBlocks(): CodeBlock[] {
  const files = [...filesAtTop(), ...filesIn("docs"), ...filesIn("packages")];
  return [
    ...files.filter(isDocument).flatMap((file) => blocksOf(file, linesOf(file))),
    ...files.filter(isSource).flatMap((file) => blocksOf(file, docstringsOf(linesOf(file)))),
  ];
}

function isDocument(file: string): boolean {
  return file.endsWith(".md");
}

function isSource(file: string): boolean {
  return /^packages\/[^/]+\/src\/.*\.ts$/u.test(file);
}

function linesOf(file: string): string[] {
  return readFileSync(path.join(root, file), "utf8").split("\n");
}

/** The lines of the docstrings without their stars, at their places; all other lines empty. */
function docstringsOf(lines: readonly string[]): string[] {
  let isInside = false;
  return lines.map((line) => {
    if (/^\s*\/\*\*/u.test(line)) isInside = true;
    const text = isInside ? line.replace(/^\s*(?:\/\*\*|\*(?!\/)) ?/u, "") : "";
    if (line.includes("*/")) isInside = false;
    return text;
  });
}

/** The `ts` blocks of a text. Others are passed over whole, so that what they show is not taken for a block. */
function blocksOf(file: string, lines: readonly string[]): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = /^\s*(?<fence>`{3,})(?<info>.*)$/u.exec(lines[at] ?? "")?.groups;
    if (opening === undefined) continue;
    const info = opening["info"]?.trim() ?? "";
    const end = lines.findIndex((line, index) => index > at && line.trim() === opening["fence"]);
    if (end < 0) throw new Error(`${file}:${at + 1}: this block has no end.`);
    const text = lines.slice(at + 1, end).join("\n");
    const latest = blocks.at(-1);
    if (info === "ts" || info === "ts run" || info === "ts no-run") {
      blocks.push({ file, line: at + 2, text, runs: info === "ts run", prints: undefined });
    } else if (info === "text prints" && latest !== undefined) {
      blocks[blocks.length - 1] = { ...latest, prints: text };
    }
    at = end;
  }
  return blocks;
}
