// Trestle, loop
import { run, sleep, taskGroup, timeout } from "@trestle/loop";

void run(() =>
  timeout(1000, () =>
    taskGroup(async (group) => {
      for (const ms of [10, 20, 30]) void group.createTask(sleep, ms);
    }),
  ),
);
