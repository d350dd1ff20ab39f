import path from "node:path";
import ts from "typescript";

/**
 * Compiles files of a project as a user would, beside the sources, and gives what the compiler complains of: in the files, and in
 * the declarations of our packages, which `skipLibCheck` would hide.
 */
export function compile(
  folder: string,
  files: readonly string[],
  resolution: "nodenext" | "bundler",
): string[] {
  const isNode = resolution === "nodenext";
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    types: ["node"],
    module: isNode ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
    moduleResolution: isNode ? ts.ModuleResolutionKind.NodeNext : ts.ModuleResolutionKind.Bundler,
    noEmit: !isNode,
  };
  const host = { ...ts.createCompilerHost(options), getCurrentDirectory: () => folder };
  const program = ts.createProgram(
    files.map((file) => path.join(folder, file)),
    options,
    host,
  );
  const ours = program
    .getSourceFiles()
    .filter(
      ({ fileName }) =>
        !fileName.includes("/node_modules/") || /\/(?:@trestle|trestle)\//u.test(fileName),
    );
  const { diagnostics } = program.emit();
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...diagnostics,
    ...ours.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
  return found.map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    return file === undefined ? text : `${path.relative(folder, file.fileName)}: ${text}`;
  });
}
