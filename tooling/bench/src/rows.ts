import type { Row } from "./row.js";
import { cancelLinearRow } from "./rows/cancel-linear.js";
import { cancelRow } from "./rows/cancel.js";
import { checkpoint1000Row } from "./rows/checkpoint-1000.js";
import { checkpointRow } from "./rows/checkpoint.js";
import { crossingRow } from "./rows/crossing.js";
import { deepResumeRow } from "./rows/deep-resume.js";
import { fdBytesRow } from "./rows/fd-bytes.js";
import { fdEventRow } from "./rows/fd-event.js";
import { fdWaitRow } from "./rows/fd-wait.js";
import { executorScaleRow } from "./rows/executor-scale.js";
import { executorRows } from "./rows/executor.js";
import { hostedRows } from "./rows/hosted.js";
import { loopCallSoonRow } from "./rows/loop-call-soon.js";
import { loopCancelLinearRow } from "./rows/loop-cancel-linear.js";
import { loopCancelRow } from "./rows/loop-cancel.js";
import { loopGatherRow } from "./rows/loop-gather.js";
import { loopPingPongRow } from "./rows/loop-ping-pong.js";
import { loopTaskRow } from "./rows/loop-task.js";
import { openCloseRow } from "./rows/open-close.js";
import { parkRow } from "./rows/park.js";
import { parkedBytesRow } from "./rows/parked-bytes.js";
import { pingPongRow } from "./rows/ping-pong.js";
import { processRunRow } from "./rows/process-run.js";
import { readyCallRow } from "./rows/ready-call.js";
import { readyWaitRow } from "./rows/ready-wait.js";
import { settledPromiseRow } from "./rows/settled-promise.js";
import { skynetRow } from "./rows/skynet.js";
import { sleepLagRow } from "./rows/sleep-lag.js";
import { spawnJoin1000Row } from "./rows/spawn-join-1000.js";
import { spawnJoinClosureRow } from "./rows/spawn-join-closure.js";
import { spawnJoinRow } from "./rows/spawn-join.js";
import { timerLagRow } from "./rows/timer-lag.js";

/** All rows, in the order in which they are measured and shown. */
export const rows: readonly Row[] = [
  checkpointRow,
  checkpoint1000Row,
  deepResumeRow,
  readyCallRow,
  readyWaitRow,
  spawnJoinRow,
  spawnJoinClosureRow,
  spawnJoin1000Row,
  skynetRow,
  pingPongRow,
  settledPromiseRow,
  parkRow,
  cancelRow,
  cancelLinearRow,
  timerLagRow,
  sleepLagRow,
  parkedBytesRow,
  ...executorRows,
  executorScaleRow,
  // In these an event loop is open, see `in-loop.ts`.
  loopTaskRow,
  loopCallSoonRow,
  loopPingPongRow,
  loopGatherRow,
  loopCancelRow,
  loopCancelLinearRow,
  ...hostedRows,
  crossingRow,
  openCloseRow,
  fdEventRow,
  fdWaitRow,
  fdBytesRow,
  processRunRow,
];
