// What a loop costs inside of a structured run, against the same loop alone.
import { timedInHostedLoop, timedInLoop } from "../in-loop.js";
import { callSoonChain, echo, jobs, pauses, tasks, timers } from "../loop-work.js";
import type { Row } from "../row.js";

type Work = (count: number) => Promise<void>;

/** A row of one piece of work, on a hosted loop and on one that runs alone. */
function hostedRow(
  what: string,
  title: string,
  {
    work,
    ...amount
  }: Pick<Row, "per" | "step"> & Partial<Pick<Row, "count">> & { readonly work: Work },
): Row {
  return {
    name: `hosted-${what}`,
    title: `${title}, on a hosted loop and on one alone`,
    unit: "ns",
    count: "calibrated",
    ...amount,
    contenders: [
      {
        library: "Trestle",
        code: "in openLoop",
        measure: (count) => timedInHostedLoop(() => work(count)),
      },
      {
        library: "Trestle",
        code: "in run of @trestle/loop",
        measure: (count) => timedInLoop(() => work(count)),
      },
    ],
  };
}

/** The rows, in their order. */
export const hostedRows: readonly Row[] = [
  hostedRow("call-soon", "a callback asks for the next one", {
    per: "callback",
    step: 1000,
    work: callSoonChain,
  }),
  hostedRow("sleep-0", "a task sleeps for no time", { per: "sleep", step: 1000, work: pauses }),
  hostedRow("task", "make a task and await it", { per: "task", step: 100, work: tasks }),
  hostedRow("timers", "sleeps that end within a millisecond", {
    per: "sleep",
    step: 5000,
    work: timers,
  }),
  hostedRow("echo", "a line to a server over loopback and back", {
    per: "round trip",
    step: 100,
    work: echo,
  }),
  hostedRow("executor", "a job that does nothing goes to a thread and comes back", {
    per: "job",
    count: 500,
    work: jobs,
  }),
];
