import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options?: { readonly type: "minor" }) => void;

let collect: Collect | undefined;

/** Collects all garbage, now. Code goes with it that V8 had optimized for objects none of which is left. */
export function collectAllGarbage(): void {
  collector()();
}

/** Collects the young garbage, now: what the last few milliseconds left behind. The code stays as fast as it was. */
export function collectYoungGarbage(): void {
  collector()({ type: "minor" });
}

/** Node needs no flag on its command line for it. */
function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
  }
  return collect;
}
