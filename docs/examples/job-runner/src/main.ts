// Where the program meets its process. Progress goes to the error output, and the summary to the output.
import path from "node:path";
import { main, type Operation } from "trestle";
import { Board } from "./board.js";
import { JobFileError, readJobFile } from "./job-file.js";
import { withThreads } from "./perform.js";
import { runJobs } from "./run-jobs.js";
import { readSettings } from "./settings.js";
import { summaryOf } from "./summary.js";

void main(function* (): Operation<number> {
  const { file, ...policy } = readSettings(process.argv.slice(2));
  let board: Board;
  try {
    board = new Board(yield* readJobFile(file), (line) => console.error(line));
  } catch (error) {
    if (!(error instanceof JobFileError)) throw error;
    console.error(error.message);
    return 2;
  }
  try {
    yield* withThreads(path.dirname(file), policy.parallel, (perform) =>
      runJobs(board, perform, policy),
    );
  } finally {
    // After Ctrl-C as well. Nothing runs any more, and nothing here waits.
    process.stdout.write(summaryOf(board.entries));
  }
  return board.entries.some(({ state }) => state === "failed") ? 1 : 0;
});
