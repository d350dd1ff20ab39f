import type { Wait } from "@trestle/host";
import { currentHost } from "@trestle/structured/lowlevel";

/** A wait for something outside of the program, which holds the run's host while it is armed: a virtual clock stands still. */
export function held<T>(wait: Wait<T>, what: string): Wait<T> {
  return (resume) => {
    const release = currentHost().hold(what);
    const abort = wait((outcome) => {
      release();
      resume(outcome);
    });
    return (cancelled) => {
      const abortion = abort(cancelled);
      if (abortion === "withdrawn") release();
      return abortion;
    };
  };
}
