// What programs in child processes get: see child-program.ts.
import * as loop from "@trestle/loop";
import * as structured from "@trestle/structured";
import * as bridge from "../src/index.js";

export { bridge, loop, structured };
