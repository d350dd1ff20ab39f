import { processWide } from "@trestle/host";
import type { EventLoop } from "@trestle/loop";
import { ContextVar } from "@trestle/structured";

/** The version of what copies of this package share: the methods of StructuredEventLoop. */
const SHAPE = 1;

/** The loop of the innermost `openLoop` or `runInLoop` around a structured task; children inherit it. */
export const loopVariable = processWide(
  "@trestle/bridge",
  SHAPE,
  () => new ContextVar<EventLoop | undefined>("trestle.current-loop", { defaultValue: undefined }),
);
