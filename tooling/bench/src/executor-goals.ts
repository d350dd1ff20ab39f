// What the executor is meant to reach.
import type { Goal } from "./goals.js";

const NS_PER_MICROSECOND = 1000;

export const executorGoals: readonly Goal[] = [
  ...["executor-latency", "executor-throughput"].map((row): Goal => ({
    row,
    text: `${row} / the better one of piscina and tinypool`,
    figure: (of) => of("Trestle") / Math.min(of("piscina"), of("tinypool")),
    must: 1.1,
    wanted: 1,
  })),
  {
    row: "executor-scale",
    text: "time in 2 threads / in 1, by the executor / by threads without a library",
    figure: (of) => of("Trestle", 1) / of("Trestle") / (of("native", 1) / of("native")),
    must: 1.1,
    wanted: 1.05,
  },
  {
    row: "executor-call-back",
    text: "blocking call back, microseconds, on an idle machine",
    figure: (of) => of("Trestle") / NS_PER_MICROSECOND,
    must: 30,
  },
];
