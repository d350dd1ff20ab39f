// Tests that a browser cannot run though their files can be loaded there, with what they need. Files
// that import modules of Node's need no line here: `imports-node.js` finds them.
const secondCopy = "a second copy of a module, which a browser's loader does not give";

/**
 * By file and by how the test's title begins; "" is all of a file.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const testsForNode = {
  "packages/host/test/exception-group.test.ts": {
    "is recognized across two copies of the package, also within groups": secondCopy,
  },
  "packages/host/test/platform-host.test.ts": {
    "gives Node's event loop, always the same": "the Host of Node",
    "gives Node's where its calls have come after the package": "the Host of Node",
    "gives one host to two copies of the package": secondCopy,
    "makes no host before somebody asks for it": secondCopy,
  },
  "packages/host/test/process-wide.test.ts": {
    "gives one state to two copies of this package": secondCopy,
  },
  "packages/host/test/trestle-error.test.ts": {
    "is recognized across two copies of a package, by its code": secondCopy,
  },
  "packages/structured/test/flows/two-copies.test.ts": { "": secondCopy },
  "packages/structured/test/net/unix-path.test.ts": { "": "sockets of the system" },
  "packages/structured/test/run/run.test.ts": {
    "is reported by Node's own loop where the process would end": "an end of the process",
  },
};
