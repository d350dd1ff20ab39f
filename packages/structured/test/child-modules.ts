// What programs in child processes get: see child-program.ts.
export * as structured from "../src/index.js";
