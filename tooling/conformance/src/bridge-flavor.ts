// Programs of the bridge flavor: structured code inside an open loop. It only joins the interpreters of the two flavors;
// each call from one to the other is one call of @trestle/bridge.
import { asLoop, asStructured, openLoop } from "@trestle/bridge";
import type { EventLoop } from "@trestle/loop";
import { run, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { printLeaves } from "./app-error.js";
import { LoopInterpreter } from "./loop-flavor.js";
import type { Program } from "./program.js";
import type { Result } from "./result.js";
import { StructuredInterpreter } from "./structured-flavor.js";
import { TraceBook } from "./task-trace.js";

/** Runs a bridge program on virtual time; a seed shuffles the tasks of each batch. */
export async function runBridgeProgram(
  program: Program,
  options: { readonly seed?: number } = {},
): Promise<Result> {
  const host = new VirtualHost();
  const book = new TraceBook(() => host.now());
  let outcome = "ok";
  try {
    await run(() => openLoop((loop) => inLoop(loop, program, book)), { host, ...options });
  } catch (error) {
    outcome = `error:${printLeaves(error)}`;
  }
  return { outcome, trace: book.entries };
}

function inLoop(loop: EventLoop, program: Program, book: TraceBook): Operation<void> {
  loop.setExceptionHandler(() => {});
  const loopFlavor: LoopInterpreter = new LoopInterpreter({
    cancel: (id) => structuredFlavor.cancel(id),
    set: (id) => structuredFlavor.set(id),
    call: asLoop((body, task) => structuredFlavor.run(body, task)),
  });
  const structuredFlavor = new StructuredInterpreter(program, {
    call: asStructured((body, task) => loopFlavor.run(body, task)),
  });
  return structuredFlavor.run(program.body, book.main());
}
