// The text for an error that ends a program: everything that one needs to find the place, each thing once.
import { describe, ExceptionGroup } from "@trestle/host";
import { RunCrashedError } from "./run-crashed-error.js";

/** What is told of an error besides its stack. */
type Details = Readonly<Record<string, unknown>>;

/** Properties that are shown in their own way, or stand in the stack already. */
const SHOWN_ELSEWHERE = new Set(["name", "message", "stack", "cause", "errors", "suppressed"]);

/**
 * Gives the report of an error: its stack, its causes, and the errors of a group, however deep, in one numbered list. What was
 * reported before is not told again.
 */
export function errorReport(error: unknown): string {
  return reportOf(error, new Set()).join("\n");
}

function reportOf(error: unknown, told: Set<unknown>): string[] {
  if (!(error instanceof Error)) return [describe(error)];
  if (told.has(error)) return [`${headOf(error)} (see above)`];
  told.add(error);
  const isGroup = error instanceof AggregateError;
  return [
    ...(isGroup ? [headOf(error)] : stackOf(error)),
    ...detailsOf(error),
    ...(isGroup ? membersOf(error, told) : []),
    ...belowOf(error).flatMap(([title, below]) => titled(title, reportOf(below, told))),
  ];
}

function headOf(error: Error): string {
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}

/** The stack with the head of today: V8 keeps the one that the error had when it was made. */
function stackOf(error: Error): string[] {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [...headOf(error).split("\n"), ...frames];
}

function detailsOf(error: Error): string[] {
  const plain = Object.entries(error as object as Details).filter(
    ([key, value]) =>
      !SHOWN_ELSEWHERE.has(key) && ["string", "number", "boolean"].includes(typeof value),
  );
  if (plain.length === 0) return [];
  return [`    (${plain.map(([key, value]) => `${key}: ${String(value)}`).join(", ")})`];
}

function membersOf(group: AggregateError, told: Set<unknown>): string[] {
  return leavesOf(group, told).flatMap((leaf, i) => titled(`${i + 1}. `, reportOf(leaf, told)));
}

function leavesOf(group: AggregateError, told: Set<unknown>): unknown[] {
  return group.errors.flatMap((error: unknown) => {
    // A group with a cause is told as itself, so that the cause is.
    if (!(error instanceof ExceptionGroup) || error.cause !== undefined) return [error];
    if (told.has(error)) return [];
    told.add(error);
    return leavesOf(error, told);
  });
}

/** What hangs on an error: its cause, errors of cleanups, and how main ended. */
function belowOf(error: Error): [title: string, error: unknown][] {
  const { suppressed } = error as { readonly suppressed?: unknown };
  const below: [string, unknown][] = [];
  if (error.cause !== undefined) below.push(["caused by ", error.cause]);
  if (Array.isArray(suppressed))
    for (const each of suppressed) below.push(["and in a cleanup ", each]);
  if (error instanceof RunCrashedError && error.mainOutcome?.ok === false)
    below.push(["main ended with ", error.mainOutcome.error]);
  return below;
}

/** Puts a title before the first line, and moves the others under it. */
function titled(title: string, [first = "", ...rest]: readonly string[]): string[] {
  return [`  ${title}${first}`, ...rest.map((line) => `    ${line}`)];
}
