import { moduleRef } from "@trestle/executor";

/** Work for a worker thread, which only a loop with the layer `executor` takes. */
export const { basename } = moduleRef(() => import("node:path"), import.meta);
