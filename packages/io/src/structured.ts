export { waitReadable, waitWritable } from "./structured/wait-readable.js";
