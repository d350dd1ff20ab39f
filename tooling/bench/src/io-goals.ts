// What waiting for descriptors is meant to cost.
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
];
