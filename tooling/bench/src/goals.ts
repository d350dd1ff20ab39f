// What Trestle is meant to reach, as figures of one run. They are information: a bench never fails on time.
import { formatRatio } from "./figures.js";
import type { RowResult } from "./measure.js";
import type { Library } from "./row.js";
import { ioGoals } from "./io-goals.js";
import { executorGoals } from "./executor-goals.js";
import { loopGoals } from "./loop-goals.js";
import { formatTable } from "./table.js";

/** Something that is to be at most so large. */
export interface Goal {
  readonly row: string;
  readonly text: string;
  /** Computes what is judged from the figures of the row. */
  figure(of: Figures): number;
  /** At most this is asked for. */
  readonly must?: number;
  /** At most this is hoped for. */
  readonly wanted?: number;
}

/** A goal and what came of it. */
export interface Verdict {
  readonly goal: Goal;
  readonly figure: number;
  readonly met: boolean | undefined;
  readonly wantedMet: boolean | undefined;
}

/** A library's figure in the row; where it is there several times, that of the one with this number, from 0. */
type Figures = (library: Library, index?: number) => number;

export const goals: readonly Goal[] = [
  {
    row: "checkpoint",
    text: "lone checkpoint / await of an async function",
    figure: (of) => of("Trestle") / of("native"),
    must: 1,
    wanted: 0.6,
  },
  {
    row: "checkpoint-1000",
    text: "checkpoint among 1,000 tasks / await of an async function",
    figure: (of) => of("Trestle") / of("native"),
    must: 1,
    wanted: 0.6,
  },
  {
    row: "spawn-join",
    text: "start and join / Effect's",
    figure: (of) => of("Trestle") / of("Effect"),
    must: 1 / 5,
    wanted: 1 / 8,
  },
  {
    row: "spawn-join",
    text: "start and join / Effection's",
    figure: (of) => of("Trestle") / of("Effection"),
    must: 1 / 50,
    wanted: 1 / 100,
  },
  {
    row: "ping-pong",
    text: "round trip over channels / Effect's",
    figure: (of) => of("Trestle") / of("Effect"),
    wanted: 1 / 4,
  },
  {
    row: "cancel",
    text: "cancel of a sleeper / Effect's",
    figure: (of) => of("Trestle") / of("Effect"),
    wanted: 1,
  },
  {
    row: "cancel-linear",
    text: "cancel of one sleeper of 100,000 / Effect's",
    figure: (of) => of("Trestle", 1) / of("Effect", 1),
    wanted: 1,
  },
  {
    row: "cancel-linear",
    text: "cancel of one sleeper of 100,000 / of 10,000",
    figure: (of) => of("Trestle", 1) / of("Trestle"),
    must: 2,
    wanted: 1.25,
  },
  {
    row: "parked-bytes",
    text: "sleeping task, kB",
    figure: (of) => of("Trestle") / 1000,
    must: 1.5,
  },
  {
    row: "parked-bytes",
    text: "sleeping task / Effect's",
    figure: (of) => of("Trestle") / of("Effect"),
    wanted: 1,
  },
  {
    row: "timer-lag",
    text: "lag of a 10 ms timer under 1,000 busy tasks, ms",
    figure: (of) => of("Trestle"),
    must: 10,
    wanted: 4,
  },
  {
    row: "sleep-lag",
    text: "lag of a sleep of 10 ms under 1,000 busy tasks, ms",
    figure: (of) => of("Trestle"),
    must: 10,
    wanted: 4,
  },
  aheadIn("checkpoint"),
  aheadIn("checkpoint-1000"),
  aheadIn("deep-resume"),
  {
    row: "ready-call",
    text: "ready-call / Effect's",
    figure: (of) => of("Trestle") / of("Effect"),
    wanted: 1,
  },
  aheadIn("ready-wait"),
  aheadIn("spawn-join-closure"),
  aheadIn("spawn-join-1000"),
  aheadIn("skynet"),
  aheadIn("settled-promise"),
  aheadIn("park"),
  ...executorGoals,
  ...loopGoals,
  ...ioGoals,
];

/** Ahead of whichever of the libraries is the faster, in what it does best. Native promises have no tasks, and none to cancel. */
function aheadIn(row: string): Goal {
  return {
    row,
    text: `${row} / the faster of Effect and Effection`,
    figure: (of) => of("Trestle") / Math.min(of("Effect"), of("Effection")),
    wanted: 1,
  };
}

/** Judges the goals of the rows that were measured. */
export function judge(results: readonly RowResult[], judged: readonly Goal[] = goals): Verdict[] {
  return judged.flatMap((goal) => {
    const result = results.find(({ row }) => row.name === goal.row);
    if (result === undefined) return [];
    const figure = goal.figure((library, index = 0) => figureOf(result, library, index));
    return [
      { goal, figure, met: atMost(figure, goal.must), wantedMet: atMost(figure, goal.wanted) },
    ];
  });
}

/** The lines of the verdicts; none where no goal was judged. */
export function formatVerdicts(verdicts: readonly Verdict[]): string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map(({ goal, figure, met, wantedMet }) => [
    goal.text,
    formatGoal(figure),
    verdict(goal.must, met),
    verdict(goal.wanted, wantedMet),
  ]);
  const columns = [
    { head: "", align: "left" },
    { head: "measured", align: "right" },
    { head: "goal", align: "left" },
    { head: "wanted", align: "left" },
  ] as const;
  return ["goals", ...formatTable(columns, rows).map((line) => `  ${line}`)];
}

function figureOf({ row, results }: RowResult, library: Library, index: number): number {
  const result = results.filter(({ contender }) => contender.library === library)[index];
  if (result === undefined)
    throw new Error(`Cannot judge "${row.name}": ${library} ${index} is not in it.`);
  return result.figure;
}

function atMost(figure: number, limit: number | undefined): boolean | undefined {
  return limit === undefined ? undefined : figure <= limit;
}

function verdict(limit: number | undefined, met: boolean | undefined): string {
  return limit === undefined ? "" : `${formatGoal(limit)} ${met === true ? "met" : "NOT MET"}`;
}

/** A small ratio is read as a fraction; zeros after the point are left out. */
function formatGoal(value: number): string {
  const ratio = formatRatio(value < 0.3 ? 1 / value : value).replace(/\.0+$/u, "");
  return value < 0.3 ? `1/${ratio}` : ratio;
}
