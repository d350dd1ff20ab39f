// What programs in child processes get: see flows/interrupts.test.ts.
export * as io from "../src/index.js";
export * as ioLoop from "../src/loop.js";
export * as ioStructured from "../src/structured.js";
export * as loop from "@trestle/loop";
export * as structured from "@trestle/structured";
