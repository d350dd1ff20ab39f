// The command `pnpm test:io-worker`: the tests of `io` inside of worker threads.
import { runVitest } from "./run-vitest.js";

console.log(
  "Worker threads: the tests of io, but for those of signals, which the system gives to the main thread alone",
);
process.exitCode = await runVitest(["packages/io", "--pool=threads"], { platform: "io-worker" });
