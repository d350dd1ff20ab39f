// Runs an example: a module whose imports are looked up among the workspace's sources, and whose `console.log` is listened to.
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import ts from "typescript";
import type { CodeBlock } from "./code-blocks.js";
import { sourceOf } from "./source-of.js";

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parameters: string[]
) => (...given: unknown[]) => Promise<void>;

/** Runs the example to its end; gives what it printed, as the terminal would show it. */
export async function runExample(block: CodeBlock): Promise<string> {
  const printed: string[] = [];
  const log = (...values: unknown[]): void => {
    printed.push(
      values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" "),
    );
  };
  const body = new AsyncFunction("$load", "console", javascriptOf(block));
  await body(load, { ...console, log });
  return printed.join("\n");
}

function load(specifier: string): Promise<unknown> {
  const source = sourceOf(specifier);
  const found = source === undefined ? specifier : pathToFileURL(source).href;
  return import(/* @vite-ignore */ found);
}

/** The example as the body of an async function: an import becomes a call of `$load`. */
function javascriptOf({ text }: CodeBlock): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const file = ts.createSourceFile("example.js", outputText, ts.ScriptTarget.ES2023, true);
  return file.statements
    .map((statement) =>
      ts.isImportDeclaration(statement) ? loading(statement) : statement.getText(),
    )
    .join("\n");
}

function loading({ importClause, moduleSpecifier }: ts.ImportDeclaration): string {
  const loaded = `await $load(${moduleSpecifier.getText()})`;
  const names = importClause?.namedBindings;
  if (names !== undefined && ts.isNamespaceImport(names)) {
    return `const ${names.name.text} = ${loaded};`;
  }
  const wanted = [
    ...(importClause?.name === undefined ? [] : [`default: ${importClause.name.text}`]),
    ...(names?.elements ?? []).map(
      ({ propertyName, name }) => `${(propertyName ?? name).text}: ${name.text}`,
    ),
  ];
  return wanted.length === 0 ? `${loaded};` : `const { ${wanted.join(", ")} } = ${loaded};`;
}
