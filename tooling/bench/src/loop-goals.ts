// What the event loop and the bridge are meant to reach.
import type { Goal } from "./goals.js";
import { hostedRows } from "./rows/hosted.js";

const NS_PER_MICROSECOND = 1000;

export const loopGoals: readonly Goal[] = [
  {
    row: "loop-task",
    text: "make and await a task of the loop / AsyncLocalStorage.run and an await",
    figure: (of) => of("Trestle") / of("native"),
    must: 6,
  },
  {
    row: "loop-task",
    text: "make and await a task of the loop / Effect's fork and join",
    figure: (of) => of("Trestle") / of("Effect"),
    must: 1,
  },
  {
    row: "loop-cancel",
    text: "cancel of a sleeper of the loop / abort of an abortable timer",
    figure: (of) => of("Trestle") / of("native"),
    must: 0.5,
  },
  {
    row: "loop-cancel-linear",
    text: "cancel of one sleeper of 100,000 in the loop / of 10,000",
    figure: (of) => of("Trestle", 1) / of("Trestle"),
    must: 2,
    wanted: 1.25,
  },
  ...hostedRows.map((row): Goal => ({
    row: row.name,
    text: `${row.name}: a hosted loop / the same loop alone`,
    figure: (of) => of("Trestle") / of("Trestle", 1),
    must: 1.3,
  })),
  {
    row: "crossing",
    text: "a call across and back / await of an async function",
    figure: (of) => of("Trestle") / of("native"),
    must: 20,
  },
  {
    row: "open-close",
    text: "opening and closing a loop, microseconds",
    figure: (of) => of("Trestle") / NS_PER_MICROSECOND,
    must: 50,
  },
];
