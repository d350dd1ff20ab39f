// The processes of a loop: those that run when it closes are ended, or let go of where they may stay.
import { success, type Wait } from "@trestle/host";
import { getRunningLoop, until, type EventLoop, type SignalOption } from "@trestle/loop";
import type { Child } from "../process/child.js";
import { commandText } from "../process/command.js";
import { endChild, endChildren } from "../process/end-child.js";
import { startChild, type ChildSpec } from "../process/start-child.js";

interface Children {
  readonly all: Set<Child>;
  /** The loop closes: what starts now ends at once. */
  isOver: boolean;
}

const childrenOf = new WeakMap<EventLoop, Children>();

/**
 * Starts a child that ends with the loop, and resumes with what is made of it.
 *
 * @param endsItself whether something is made also of a child that is not wanted any more when it has started, which it then ends;
 * otherwise that is killed
 */
export function startInLoop<T>(
  loop: EventLoop,
  spec: ChildSpec,
  make: (child: Child) => T,
  endsItself = false,
): Wait<T> {
  return (resume) => {
    const children = childrenOfLoop(loop);
    const started = (child: Child): T => {
      children.all.add(child);
      child.whenGone(() => children.all.delete(child));
      if (children.isOver) endChild(child, loop.host, 0)(() => child.destroyStreams());
      return make(child);
    };
    const unwanted = (child: Child): Wait<void> => {
      started(child);
      return over;
    };
    const start = startChild(loop.host, spec, endsItself ? unwanted : undefined);
    return start((outcome) => resume(outcome.ok ? success(started(outcome.value)) : outcome));
  };
}

const over: Wait<void> = (resume) => {
  resume(success());
  return () => "withdrawn";
};

/**
 * The same, awaited in a task of the loop. Where the task is cancelled before it gets the child, that is ended: at once, unless
 * `giveUp` says how.
 */
export async function startHere<T>(
  spec: ChildSpec,
  options: SignalOption,
  make: (child: Child, loop: EventLoop) => T,
  giveUp?: (made: T, error: unknown) => Promise<void>,
): Promise<T> {
  const loop = getRunningLoop();
  let started: { readonly child: Child; readonly made: T } | undefined;
  const wait = startInLoop(
    loop,
    spec,
    (child) => {
      started = { child, made: make(child, loop) };
      return started.made;
    },
    giveUp !== undefined,
  );
  try {
    return await until(wait, `the start of '${commandText(spec.command)}'`, options);
  } catch (error) {
    if (started === undefined) throw error;
    const { child, made } = started;
    if (giveUp === undefined)
      await until(endChild(child, loop.host, 0), `the end of ${child.description}`);
    else await giveUp(made, error);
    child.destroyStreams();
    throw error;
  }
}

function childrenOfLoop(loop: EventLoop): Children {
  const known = childrenOf.get(loop);
  if (known !== undefined) return known;
  const children: Children = { all: new Set(), isOver: false };
  childrenOf.set(loop, children);
  loop.atClose(() => {
    children.isOver = true;
    return new Promise((resolve) => {
      endChildren(children.all, loop.host)(() => resolve());
    });
  });
  return children;
}
