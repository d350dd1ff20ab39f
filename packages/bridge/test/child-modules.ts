// What programs in child processes get: see child-program.ts.
import * as host from "@trestle/host";
import * as loop from "@trestle/loop";
import * as structured from "@trestle/structured";
import * as bridge from "../src/index.js";

export { bridge, host, loop, structured };
