// Where the inputs and outputs of a process lead that is run to its end, and which options contradict each other.
import { ArgumentError, describe } from "@trestle/host";
import type { ChildErrorPipe, ChildPipe, ChildPipes } from "./child-options.js";

/** What is said of inputs and outputs. */
export interface RunPipesOptions {
  readonly stdin?: unknown;
  readonly stdout?: ChildPipe | undefined;
  readonly stderr?: ChildErrorPipe | undefined;
  readonly captureStdout?: boolean | undefined;
  readonly captureStderr?: boolean | undefined;
}

const ACTION = "run a process";

/**
 * Gives where they lead.
 *
 * @param user `hasUser` says whether somebody gets the running process, and can use its pipes
 * @throws ArgumentError for a capture of what leads elsewhere, for pipes that nobody would use, and for text as an input
 */
export function runPipes(
  options: RunPipesOptions,
  { hasUser }: { readonly hasUser: boolean },
): ChildPipes {
  const { stdin = "ignore", stdout = "inherit", stderr = "inherit" } = options;
  for (const name of ["Stdout", "Stderr"] as const) checkCapture(options, name);
  const pipes = {
    stdin: isFed(stdin) ? "pipe" : (stdin as ChildPipe),
    stdout: options.captureStdout ? "pipe" : stdout,
    stderr: options.captureStderr ? "pipe" : stderr,
  } as const;
  const unused = (["stdin", "stdout", "stderr"] as const).find((name) => options[name] === "pipe");
  if (unused !== undefined && !hasUser) {
    throw new ArgumentError(
      `Cannot ${ACTION} with "pipe" for '${unused}': nobody would use it.\n` +
        "Start it by 'nursery.start' and hand 'status' on, or call 'openProcess'.",
    );
  }
  if (typeof stdin === "string" && !["pipe", "inherit", "ignore"].includes(stdin)) {
    throw new ArgumentError(
      `Cannot ${ACTION} with the text ${describe(stdin)} for 'stdin': bytes are wanted.\n` +
        "Text becomes bytes by 'new TextEncoder().encode(text)'.",
    );
  }
  return pipes;
}

/** Whether this is a stream of the structured flavor, to receive from. */
export function isStream<S extends { receiveSome: unknown }>(value: unknown): value is S {
  return typeof (value as Partial<S> | null | undefined)?.receiveSome === "function";
}

function isFed(stdin: unknown): boolean {
  return stdin instanceof Uint8Array || isStream(stdin);
}

function checkCapture(options: RunPipesOptions, name: "Stdout" | "Stderr"): void {
  const capture = options[`capture${name}`];
  if (capture !== undefined && typeof capture !== "boolean") {
    throw new ArgumentError(
      `Cannot ${ACTION} with ${describe(capture)} for 'capture${name}': a boolean is wanted.`,
    );
  }
  const stream = name === "Stdout" ? options.stdout : options.stderr;
  if (!capture || stream === undefined) return;
  throw new ArgumentError(
    `Cannot ${ACTION} with 'capture${name}' and '${name.toLowerCase()}' at once: each says where it is to go.\nLeave one of them out.`,
  );
}
