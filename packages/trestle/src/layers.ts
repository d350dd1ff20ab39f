// What the loops of this package have plugged in, where their options name nothing else.
import type { LoopOptions } from "@trestle/bridge";
import { threads } from "@trestle/executor/loop";
import { structuredThreads } from "@trestle/executor/structured";
import { closeDescriptor } from "@trestle/io";
import { ioLayer } from "@trestle/io/loop";
import type { LoopLayers } from "@trestle/loop";

/** The options with worker threads, descriptors, signals and child processes in place of what they leave out. */
export function withLayers<O extends LoopLayers>(options: O): O & Required<LoopLayers> {
  const { executor = threads(), io = ioLayer } = options ?? {};
  return { ...options, executor, io };
}

/** The same for a loop inside of a structured run, which also closes descriptors at its end. */
export function withStructuredLayers(options: LoopOptions): LoopOptions {
  const { executor = structuredThreads() } = options ?? {};
  const layered = withLayers({ ...options, executor });
  return { ...layered, closeDescriptor: layered.closeDescriptor ?? closeDescriptor };
}
