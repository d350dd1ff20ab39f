// A worker's own file.
import { expose } from "../src/worker.js";

expose({ double: (number: number) => 2 * number });
