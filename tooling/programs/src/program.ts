// The built program of a folder.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { Running, type Ended } from "./running.js";

const PROBE = new URL("exit-probe.js", import.meta.url).href;

/** What to call a program with. */
export interface Program {
  /** Starts it. What still runs when the test has ended is killed. */
  readonly start: (...words: readonly string[]) => Running;
  /** Runs it to its end. */
  readonly run: (...words: readonly string[]) => Promise<Ended>;
}

/**
 * The program that `tooling/run.js` would run, for a test of it.
 *
 * @param test where the test is: `import.meta.url`, in the folder beside the program's `src`
 * @param env more variables of the environment
 */
export function programIn(test: string, env: Readonly<Record<string, string>> = {}): Program {
  const main = fileURLToPath(new URL("../dist/main.js", test));
  const start = (...words: readonly string[]): Running => {
    if (!existsSync(main)) {
      throw new Error(`Cannot test ${main}: it is not built.\nRun "pnpm build".`);
    }
    const child = spawn(process.execPath, ["--import", PROBE, main, ...words], {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    onTestFinished(() => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    });
    return new Running(child);
  };
  return { start, run: (...words) => start(...words).end() };
}
