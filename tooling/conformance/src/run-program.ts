import { run } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { printError } from "./app-error.js";
import { runBridgeProgram } from "./bridge-flavor.js";
import { runLoopProgram } from "./loop-flavor.js";
import type { Program } from "./program.js";
import type { Result } from "./result.js";
import { StructuredInterpreter } from "./structured-flavor.js";
import { TraceBook } from "./task-trace.js";

/** Runs a program on virtual time, with the packages that its flavor needs. */
export function runProgram(
  program: Program,
  options: { readonly seed?: number } = {},
): Promise<Result> {
  switch (program.flavor) {
    case "structured":
      return runStructuredProgram(program, options);
    case "loop":
      return runLoopProgram(program);
    case "bridge":
      return runBridgeProgram(program, options);
  }
}

async function runStructuredProgram(
  program: Program,
  options: { readonly seed?: number },
): Promise<Result> {
  const host = new VirtualHost();
  const book = new TraceBook(() => host.now());
  const interpreter = new StructuredInterpreter(program);
  let outcome = "ok";
  try {
    await run(() => interpreter.run(program.body, book.main()), { host, ...options });
  } catch (error) {
    outcome = `error:${printError(error)}`;
  }
  return { outcome, trace: book.entries };
}
