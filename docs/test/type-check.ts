// Type-checks examples with the workspace's own compiler options, all in one program, from memory.
import path from "node:path";
import ts from "typescript";
import type { CodeBlock } from "./code-blocks.js";
import { root } from "./files.js";
import { packageOf } from "./source-of.js";

/** What the compiler says about the examples: a line for each complaint, with the place in the document. */
export function typeCheck(blocks: readonly CodeBlock[]): string[] {
  const examples = new Map(blocks.map((block, index) => [pathOf(block, index), block]));
  const options = readOptions();
  const host = hostWith(examples, options);
  const program = ts.createProgram([...examples.keys()], options, host);
  return [...examples].flatMap(([name, block]) => {
    const file = program.getSourceFile(name);
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ];
    return found.map((diagnostic) => complaint(block, diagnostic));
  });
}

function readOptions(): ts.CompilerOptions {
  const file = path.join(root, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    root,
  );
  delete options.tsBuildInfoFile;
  // An example may stop once it has shown what it shows.
  return { ...options, incremental: false, noUnusedLocals: false, noUnusedParameters: false };
}

/** Beside the tests of its package, or of the documents: so the platform's types and the tools are found. */
function pathOf(block: CodeBlock, index: number): string {
  const [, home = "docs"] = /^(packages\/[^/]+)\//u.exec(block.file) ?? [];
  return path.posix.join(root, home, "test", `example-${index}.ts`);
}

function hostWith(
  examples: ReadonlyMap<string, CodeBlock>,
  options: ts.CompilerOptions,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  return {
    ...host,
    fileExists: (name) => examples.has(name) || host.fileExists(name),
    readFile: (name) => examples.get(name)?.text ?? host.readFile(name),
    getSourceFile: (name, target, ...rest) => {
      const block = examples.get(name);
      if (block === undefined) return host.getSourceFile(name, target, ...rest);
      return ts.createSourceFile(name, block.text, target, true);
    },
    resolveModuleNameLiterals: (literals, importer, redirected, _options, file) =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(file, literal, options);
        const from = importerFor(literal.text, importer);
        return ts.resolveModuleName(literal.text, from, options, host, cache, redirected, mode);
      }),
  };
}

/** An example may import any package of the workspace: each finds itself by its own name. */
function importerFor(specifier: string, importer: string): string {
  const folder = packageOf(specifier);
  return folder === undefined ? importer : path.posix.join(folder, "src", "index.ts");
}

function complaint(
  { file, line }: CodeBlock,
  { file: source, start, messageText }: ts.Diagnostic,
): string {
  const offset =
    source === undefined || start === undefined
      ? 0
      : source.getLineAndCharacterOfPosition(start).line;
  return `${file}:${line + offset}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}
