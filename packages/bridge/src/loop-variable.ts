import { processWide } from "@trestle/host";
import { ContextVar } from "@trestle/structured";
import type { StructuredEventLoop } from "./structured-event-loop.js";

/** The version of what copies of this package share: the methods of StructuredEventLoop. */
const SHAPE = 1;

/** The loop of the innermost `openLoop` around a structured task; children inherit it. */
export const loopVariable = processWide(
  "@trestle/bridge",
  SHAPE,
  () =>
    new ContextVar<StructuredEventLoop | undefined>("trestle.current-loop", {
      defaultValue: undefined,
    }),
);
