/** The phases of a task, as numbers: they are compared at each switch. */
export const RUNNING = 0;
export const WAITING = 1;
export const RESUMED = 2;
export const ENDED = 3;
export const CALLING = 4;
export type Phase =
  | typeof RUNNING
  | typeof WAITING
  | typeof RESUMED
  | typeof ENDED
  | typeof CALLING;
