// What the checks of streams are written with. A rule gets two fresh streams that are connected, tries something, and throws a
// StreamRuleError where a stream does not do what it must. Both are closed by force afterwards.
import { ExceptionGroup } from "@trestle/host";
import { isCancelled } from "../cancelled.js";
import { named } from "../named.js";
import { openNursery } from "../nursery.js";
import type { Operation } from "../operation.js";
import { acloseForcefully } from "../streams/aclose-forcefully.js";
import type { AsyncResource } from "../streams/stream.js";
import { assertCheckpoints, CheckpointError } from "./assert-checkpoints.js";
import { StreamRuleError, threw } from "./stream-rule-error.js";

/** Makes two streams that are connected: what is sent into the first is received from the second. */
export type StreamMaker<S, R = S> = () => Operation<readonly [S, R]>;

/** Something that every stream must do. */
export interface StreamRule<S, R = S> {
  /** What must hold, as a clause: "a receiver gets what was sent". */
  readonly rule: string;
  readonly play: (first: S, second: R, rule: string) => Operation<void>;
}

/** Plays each rule, one after another, with streams of its own. */
export function* playRules<S extends AsyncResource, R extends AsyncResource>(
  rules: readonly StreamRule<S, R>[],
  maker: StreamMaker<S, R>,
): Operation<void> {
  for (const { rule, play } of rules) {
    const [first, second] = yield* maker();
    try {
      // The name is what a report of a deadlock has, where a stream freezes.
      yield* together(named(rule, () => play(first, second, rule)));
    } catch (error) {
      throw inRule(rule, error);
    } finally {
      yield* closeBoth(first, second);
    }
  }
}

function inRule(rule: string, error: unknown): unknown {
  if (isCancelled(error) || error instanceof StreamRuleError) return error;
  if (error instanceof CheckpointError) {
    return new StreamRuleError(rule, "it has passed no checkpoint", { cause: error });
  }
  return new StreamRuleError(rule, threw(error), { cause: error });
}

function* closeBoth(first: AsyncResource, second: AsyncResource): Operation<void> {
  for (const stream of [first, second]) {
    try {
      yield* acloseForcefully(stream);
    } catch (error) {
      if (isCancelled(error)) throw error;
      // The rules say themselves what closing may throw.
    }
  }
}

/** Runs operations beside each other. An error of one alone comes out as it is. */
export function* together(...bodies: (() => Operation<unknown>)[]): Operation<void> {
  try {
    yield* openNursery(function* (nursery) {
      for (const body of bodies) nursery.startSoon(body);
    });
  } catch (error) {
    const errors = error instanceof ExceptionGroup ? error.flatten() : [error];
    throw errors.length === 1 ? errors[0] : error;
  }
}

/** Runs a body that has to pass a checkpoint, and gives its value. */
export function checked<T>(body: () => Operation<T>): Operation<T> {
  return assertCheckpoints(body);
}

/** Throws where something is not so. */
export function must(rule: string, isSo: boolean, found: string): void {
  if (!isSo) throw new StreamRuleError(rule, found);
}

/** An error class, as `instanceof` takes it. */
interface ErrorClass {
  readonly name: string;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** Throws where a body does not throw that kind of error. */
export function* mustThrow(
  rule: string,
  wanted: ErrorClass,
  body: () => Operation<unknown>,
): Operation<void> {
  try {
    yield* body();
  } catch (error) {
    if (isCancelled(error) && wanted.name !== "Cancelled") throw error;
    if (wanted[Symbol.hasInstance](error)) return;
    throw new StreamRuleError(rule, `${threw(error)}, not a ${wanted.name}`, { cause: error });
  }
  throw new StreamRuleError(rule, `it threw no ${wanted.name}`);
}

/** Runs a body that may throw that kind of error. */
export function* mayThrow(wanted: ErrorClass, body: () => Operation<unknown>): Operation<void> {
  try {
    yield* body();
  } catch (error) {
    if (!wanted[Symbol.hasInstance](error)) throw error;
  }
}

/** The bytes of a text, for short data. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** How bytes are shown in a report. */
export function shown(bytes: Uint8Array): string {
  return `it gave [${bytes.join(", ")}]`;
}
