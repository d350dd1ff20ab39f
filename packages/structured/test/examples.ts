import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A program that a docstring shows. */
export interface Example {
  /** Where it stands: `src/sleep.ts:14`. */
  readonly place: string;
  readonly code: string;
}

const folder = fileURLToPath(new URL("../src/", import.meta.url));

/** Gives the examples of the docstrings, as they are written there; those marked "ts no-run" need what a test has not. */
export function examples(): Example[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .flatMap((name) => examplesIn(`src/${name}`, readFileSync(path.join(folder, name), "utf8")));
}

function examplesIn(file: string, text: string): Example[] {
  const found: Example[] = [];
  const lines = text.split("\n").map((line) => line.replace(/^ *\* ?/, ""));
  for (let begin = lines.indexOf("```ts"); begin >= 0;) {
    const end = lines.indexOf("```", begin);
    found.push({ place: `${file}:${begin + 2}`, code: lines.slice(begin + 1, end).join("\n") });
    begin = lines.indexOf("```ts", end);
  }
  return found;
}

/** Gives the module that an example imports by that name. */
export type Load = (specifier: string) => Promise<object>;

const AsyncFunction = (async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => (load: Load) => Promise<void>;

/** Runs an example. */
export async function runExample(example: Example, load: Load): Promise<void> {
  const { outputText } = ts.transpileModule(example.code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const body = outputText
    .replaceAll(
      /^import \{([^}]*)\} from "([^"]+)";$/gm,
      (_line, names: string, from: string) =>
        `const {${names.replaceAll(" as ", ": ")}} = await load("${from}");`,
    )
    .replaceAll(/^import (\w+) from "([^"]+)";$/gm, 'const $1 = (await load("$2")).default;')
    .replaceAll(/^export (?:\{\};)?/gm, "");
  await new AsyncFunction("load", body)(load);
}
