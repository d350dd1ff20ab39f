import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { runProcess as runInLoop } from "@trestle/io/loop";
import { runProcess } from "@trestle/io/structured";
import { run } from "@trestle/structured";
import { execa } from "execa";
import { expectResult } from "../expect-result.js";
import { timedInLoop } from "../in-loop.js";
import type { Row } from "../row.js";
import { timed } from "../stopwatch.js";

const capture = { captureStdout: true, captureStderr: true } as const;
const execFileAsync = promisify(execFile);

/** Processes that do nothing, one after another, both of their outputs gathered. */
export const processRunRow: Row = {
  name: "process-run",
  title: "run 'true' to its end, and gather what it writes",
  unit: "ns",
  per: "process",
  count: 50,
  mostRounds: 10,
  notes: ["Most of it is the system's."],
  contenders: [
    {
      library: "Trestle",
      code: "yield* runProcess(['true'])",
      measure: (count) =>
        timed(() =>
          run(function* () {
            for (let i = 0; i < count; i++) {
              const { stdout } = yield* runProcess(["true"], capture);
              expectResult(stdout?.length, 0);
            }
          }),
        ),
    },
    {
      library: "Trestle",
      code: "await runProcess(['true'])",
      measure: (count) =>
        timedInLoop(async () => {
          for (let i = 0; i < count; i++) {
            const { stdout } = await runInLoop(["true"], capture);
            expectResult(stdout?.length, 0);
          }
        }),
    },
    {
      library: "execa",
      code: "await execa('true')",
      measure: (count) =>
        timed(async () => {
          for (let i = 0; i < count; i++) {
            const { stdout } = await execa("true", { stdin: "ignore", encoding: "buffer" });
            expectResult(stdout.length, 0);
          }
        }),
    },
    {
      library: "native",
      code: "promisify(execFile)",
      measure: (count) =>
        timed(async () => {
          for (let i = 0; i < count; i++) {
            const { stdout } = await execFileAsync("true");
            expectResult(stdout.length, 0);
          }
        }),
    },
  ],
};
