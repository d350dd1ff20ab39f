// Ctrl-C at moments that a seed chooses, in programs that have children: they always end cleanly, and their children with them. Here
// it comes a few times; `TRESTLE_INTERRUPTS=200 pnpm vitest run packages/io/test/flows/interrupts.test.ts` is the whole.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { useModules } from "../build-modules.js";
import { isAlive, until } from "../processes.js";

const { TRESTLE_INTERRUPTS: wanted = "6" } = process.env;
const COUNT = Number(wanted);
const LONGEST_MS = 250;
const modules = useModules();

const STRUCTURED = `
  const { main, openNursery, sleep } = structured;
  const { openProcess, runProcess } = ioStructured;
  await main(() => openNursery(function* (nursery) {
    console.log("ready");
    yield* openProcess(["sleep", "1000"]);
    nursery.startSoon(() => runProcess(["cat"], { stdin: new Uint8Array(1_000_000), captureStdout: true }));
    for (let i = 0; ; i++) {
      const line = "trap 'sleep 0.01; exit 1' TERM; echo x; while :; do sleep 0.02; done";
      nursery.startSoon(() => runProcess(line, { shell: true, captureStdout: true }));
      yield* sleep(20);
    }
  }));
`;

const LOOP = `
  const { createTask, InterruptedError, run, sleep } = loop;
  const { createSubprocessExec, runProcess } = ioLoop;
  try {
    await run(async () => {
      console.log("ready");
      await createSubprocessExec("sleep", ["1000"]);
      createTask(() => runProcess(["cat"], { stdin: new Uint8Array(1_000_000), captureStdout: true }));
      for (let i = 0; ; i++) {
        const line = "trap 'sleep 0.01; exit 1' TERM; echo x; while :; do sleep 0.02; done";
        createTask(() => runProcess(line, { shell: true, captureStdout: true }));
        await sleep(20);
      }
    });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    process.exitCode = 130;
  }
`;

test.each([
  ["structured", STRUCTURED],
  ["loop", LOOP],
])(
  "%s: Ctrl-C ends the program and its children",
  { timeout: 600_000 },
  async (_flavor, program) => {
    for (let i = 0; i < COUNT; i++) {
      const ms = ((i * 0.618_034) % 1) * LONGEST_MS;
      expect(await interrupted(program, ms), `after ${ms} ms`).toEqual({
        code: 130,
        signal: null,
        stderr: "",
      });
    }
  },
);

/** Runs a program in a group of processes of its own, interrupts it alone, and waits until nothing is left of the group. */
async function interrupted(program: string, ms: number): Promise<unknown> {
  const source = `import { io, ioLoop, ioStructured, loop, structured } from ${JSON.stringify(modules())};\n${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stderr = text(child.stderr);
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  await once(child.stdout, "data");
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill("SIGINT");
  const [code, signal] = await ended;
  const group = -(child.pid as number);
  await until(() => !isAlive(group));
  return { code, signal, stderr: await stderr };
}
