// A thread without any library: it answers each page with its links.
import { parentPort } from "node:worker_threads";
import { linksOf } from "./thread-jobs.js";

parentPort?.on("message", (page) => parentPort?.postMessage(linksOf(page), []));
