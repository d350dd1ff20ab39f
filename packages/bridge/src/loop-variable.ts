import { ContextVar } from "@trestle/structured";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** The loop of the innermost `openLoop` around a structured task; children inherit it. */
export const loopVariable = new ContextVar<StructuredEventLoop | undefined>("trestle.current-loop", {
  defaultValue: undefined,
});
