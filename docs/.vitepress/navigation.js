// What stands in the bar at the top, and beside the pages.
import { referenceEntries } from "./reference.js";

const learn = [
  page("Quick start", "/quick-start"),
  page("What this is about", "/tutorial/"),
  page("1. Functions that can wait", "/tutorial/functions"),
  page("2. Tasks and nurseries", "/tutorial/nurseries"),
  page("3. Deadlines and cancelling", "/tutorial/deadlines"),
  page("4. Errors", "/tutorial/errors"),
  page("5. Channels", "/tutorial/channels"),
  page("6. Crossing the bridge", "/tutorial/bridge"),
  page("7. A job for a worker", "/tutorial/worker"),
  page("8. A child process", "/tutorial/process"),
  page("9. Tests with virtual time", "/tutorial/testing"),
];

const guides = [
  page("Structured", "/guide/structured"),
  page("Streams and sockets", "/guide/streams"),
  page("Loop", "/guide/loop"),
  page("Bridge", "/guide/bridge"),
  page("Executor", "/guide/executor"),
  page("Jobs on other machines", "/guide/executor-bullmq"),
  page("I/O", "/guide/io"),
  page("Testing", "/guide/testing"),
  page("Host", "/guide/host"),
];

const recipes = [
  page("Timeouts", "/recipes/timeouts"),
  page("Retries", "/recipes/retries"),
  page("Limits and worker pools", "/recipes/limits"),
  page("Servers", "/recipes/servers"),
  page("Graceful shutdown", "/recipes/shutdown"),
  page("Cancelling fetch and queries", "/recipes/cancelling"),
  page("Child processes", "/recipes/processes"),
  page("In a fastify application", "/recipes/fastify"),
  page("In a hono application", "/recipes/hono"),
  page("Testing", "/recipes/testing"),
];

const comingFrom = [
  page("async/await", "/coming-from/promises"),
  page("Trio", "/coming-from/trio"),
  page("asyncio", "/coming-from/asyncio"),
  page("trio-asyncio", "/coming-from/trio-asyncio"),
  page("Effection", "/coming-from/effection"),
  page("Effect", "/coming-from/effect"),
  page("redux-saga", "/coming-from/redux-saga"),
];

const examples = [
  page("site-check", "/examples/site-check"),
  page("job-runner", "/examples/job-runner"),
  page("watch-rebuild", "/examples/watch-rebuild"),
];

const inside = [
  page("The design", "/design"),
  page("Walks through the source", "/flows"),
  page("Decisions", "/decisions/"),
  page("Beside Trio and asyncio", "/conformance"),
  page("Benchmarks", "/benchmarks"),
  page("Rules of the house", "/house"),
];

/** @type {import("vitepress").DefaultTheme.NavItem[]} */
export const navigation = [
  { text: "Learn", link: "/tutorial/", activeMatch: "^/(?:tutorial/|quick-start)" },
  { text: "Guides", link: "/guide/structured", activeMatch: "^/guide/" },
  { text: "How to", link: "/recipes/timeouts", activeMatch: "^/recipes/" },
  { text: "Coming from", items: comingFrom },
  { text: "Reference", link: "/api/", activeMatch: "^/(?:api|errors)" },
];

const reading = [
  group("Learn", learn),
  group("Guides", guides),
  group("How to", recipes),
  group("Coming from", comingFrom),
  group("Whole programs", examples),
  group("Inside", inside),
];

/** @type {import("vitepress").DefaultTheme.SidebarMulti} */
export const sidebars = {
  "/api/": referenceSidebar(),
  "/errors": referenceSidebar(),
  "/": reading,
};

function referenceSidebar() {
  return [
    group("Reference", [page("All entries", "/api/"), page("The errors", "/errors")]),
    group(
      "Entries",
      referenceEntries().map(({ specifier }) =>
        page(specifier.replace("@trestle/", ""), `/api/${specifier}/`),
      ),
    ),
  ];
}

/**
 * @param {string} text
 * @param {string} link
 */
function page(text, link) {
  return { text, link };
}

/**
 * @param {string} text
 * @param {{ text: string, link: string }[]} items
 */
function group(text, items) {
  return { text, items };
}
