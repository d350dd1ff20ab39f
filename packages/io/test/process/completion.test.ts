import { ArgumentError, type Abort } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Child } from "../../src/process/child.js";
import {
  CaptureLimitError,
  checkCaptureLimit,
  Completion,
  type Handling,
} from "../../src/process/completion.js";
import { host, settled, sh, signpost, started, text, until } from "../processes.js";

const CAPTURE = {
  input: undefined,
  captureStdout: true,
  captureStderr: true,
  captureLimit: Number.POSITIVE_INFINITY,
};

const children: Child[] = [];
afterEach(() => {
  for (const child of children.splice(0)) {
    child.killGroup();
    child.destroyStreams();
  }
});

async function completing(
  line: string,
  handling: Partial<Handling> = {},
): Promise<{ child: Child; completion: Completion }> {
  const stdin = handling.input === undefined ? "ignore" : "pipe";
  const child = await started(sh(line), { processGroup: true }, { stdin });
  children.push(child);
  return { child, completion: new Completion(child, { ...CAPTURE, ...handling }) };
}

test("T199: writes the input and gathers both outputs, byte for byte, also large ones", async () => {
  const input = new Uint8Array(1_000_000).map((_zero, i) => i * 7);
  const { completion } = await completing("cat; echo done >&2", { input });
  const { stdout, stderr, returnCode } = await settled(completion.wait(host));
  expect(Buffer.compare(stdout as Uint8Array, input)).toBe(0);
  expect([text(stderr), returnCode]).toEqual(["done\n", 0]);
});

test("T201: a child that reads nothing of its input is no failure", async () => {
  const { completion } = await completing("exit 0", { input: new Uint8Array(1_000_000) });
  expect(await settled(completion.wait(host))).toMatchObject({ returnCode: 0 });
});

test("PROC-13: is complete when the outputs have ended, which a grandchild may keep open", async () => {
  const { child, completion } = await completing("(sleep 0.2; echo late) & echo early");
  await settled(child.exit(host));
  const { stdout } = await settled(completion.wait(host));
  expect(text(stdout)).toBe("early\nlate\n");
});

test("without a capture the end of the child is enough", async () => {
  const none = { captureStdout: false, captureStderr: false };
  const { completion } = await completing("sleep 1000 & exit 3", none);
  expect(await settled(completion.wait(host))).toMatchObject({
    returnCode: 3,
    stdout: undefined,
    stderr: undefined,
  });
});

test("is complete also where all was over before it began", async () => {
  const child = await started(sh("echo out"));
  await settled(child.exit(host));
  await until(() => child.stderr?.closed === true);
  const completion = new Completion(child, CAPTURE);
  const { stdout, stderr } = await settled(completion.wait(host));
  expect([text(stdout), text(stderr)]).toEqual(["out\n", ""]);
});

test("goes on when nobody waits, and gives what came until then", async () => {
  const { file } = signpost();
  const { completion } = await completing(
    `echo begun; while [ ! -e ${file} ]; do sleep 0.01; done; echo done`,
  );
  const abort = completion.wait(host)(() => {});
  expect(abort("never mind")).toBe("withdrawn");
  await until(() => text(completion.output().stdout) !== "");
  expect(text(completion.output().stdout)).toBe("begun\n");
  writeFileSync(file, "");
  expect(text((await settled(completion.wait(host))).stdout)).toBe("begun\ndone\n");
});

test("fails beyond its limit, and keeps what is within", async () => {
  const { child, completion } = await completing("echo 12345", { captureLimit: 3 });
  await expect(settled(completion.wait(host))).rejects.toThrow(CaptureLimitError);
  expect(text(completion.output().stdout)).toBe("123");
  await settled(child.exit(host));
  const exact = await completing("printf 123", { captureLimit: 3 });
  expect(text((await settled(exact.completion.wait(host))).stdout)).toBe("123");
});

test("a limit is a number of bytes", () => {
  expect([checkCaptureLimit(), checkCaptureLimit(0)]).toEqual([2 ** 30, 0]);
  for (const wrong of [-1, 0.5, Number.NaN, "1"])
    expect(() => checkCaptureLimit(wrong as number)).toThrow(ArgumentError);
});

test("after the end, waits a while for the last words, and no longer", async () => {
  const { child, completion } = await completing("echo last; sleep 1000 & exit 1");
  await settled(child.exit(host));
  await settled(completion.drain(host));
  expect(text(completion.output().stdout)).toBe("last\n");
  const ended = await completing("echo last");
  await settled(ended.completion.wait(host));
  await settled(ended.completion.drain(host));
});

describe("a wait for the end", () => {
  for (const { title, run } of waitBehaviours(() => {
    const opening = completing("exec cat", { input: undefined });
    let isGone = false;
    let abort: Abort | undefined;
    return {
      // The child is there a moment later than the test wants a wait.
      wait: (resume) => {
        void opening.then(({ completion }) => {
          if (!isGone) abort = completion.wait(host)(resume);
        });
        return (reason) => {
          isGone = true;
          return abort?.(reason) ?? "withdrawn";
        };
      },
      settle: async () => {
        const { child } = await opening;
        await settled(child.exit(host));
        await until(() => child.stdout?.closed === true && child.stderr?.closed === true);
      },
    };
  })) {
    test(title, run);
  }
});
