// A thread's own file, for executor.ts.
import { expose } from "@trestle/executor/worker";

expose({ double: (number: number) => 2 * number });
