import path from "node:path";

/** The folder of the whole workspace. */
export const workspaceRoot = path.resolve(import.meta.dirname, "..", "..");
