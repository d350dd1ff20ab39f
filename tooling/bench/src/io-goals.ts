// What waiting for descriptors, and running processes, is meant to cost.
import type { Goal } from "./goals.js";

export const ioGoals: readonly Goal[] = [
  {
    row: "fd-event",
    text: "an event through addReader / 'data' of a socket of Node",
    figure: (of) => of("Trestle") / of("native"),
    must: 1.5,
  },
  {
    row: "fd-wait",
    text: "a wait for a descriptor / 'data' of a socket of Node",
    figure: (of) => of("Trestle") / of("native"),
    must: 2,
  },
  {
    row: "fd-bytes",
    text: "memory of a watched descriptor / of a socket of Node",
    figure: (of) => of("Trestle") / of("native"),
    wanted: 1,
  },
  {
    row: "process-run",
    text: "run and capture of 'true', structured / execa's",
    figure: (of) => of("Trestle") / of("execa"),
    must: 1,
  },
  {
    row: "process-run",
    text: "run and capture of 'true', in a loop / execa's",
    figure: (of) => of("Trestle", 1) / of("execa"),
    must: 1,
  },
];
