// The fourteen tests that trio-asyncio and asyncio have of their transports, as far as they are not of the streams.
import { ArgumentError } from "@trestle/host";
import {
  EventLoop,
  getRunningLoop,
  run,
  until,
  type Command,
  type SubprocessOptions,
  type SubprocessProtocol,
  type SubprocessTransport,
} from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { openSubprocessTransport } from "../../src/loop/subprocess-transport.js";
import { childStates, sh, until as untilSo } from "../processes.js";

/** Notes what it is called with. */
class Notes implements SubprocessProtocol {
  readonly data = { 1: "", 2: "" };
  readonly log: string[] = [];
  readonly over: PromiseLike<void>;
  readonly #settle: () => void;
  #more = (): void => {};

  constructor() {
    const future = getRunningLoop().createFuture<void>("the end of a child");
    this.over = future;
    this.#settle = () => future.setResult();
  }

  connectionMade(transport: SubprocessTransport): void {
    this.log.push(`made ${transport.getPid() > 0}`);
  }

  pipeDataReceived(fd: number, data: Uint8Array): void {
    this.data[fd as 1 | 2] += String(data);
    this.#more();
  }

  pipeConnectionLost(fd: number): void {
    this.log.push(`lost ${fd}`);
  }

  processExited(): void {
    this.log.push("exited");
  }

  connectionLost(): void {
    this.log.push("over");
    this.#settle();
  }

  /** Waits for data that makes it so. */
  async has(fd: 1 | 2, wanted: string): Promise<void> {
    while (!this.data[fd].includes(wanted)) {
      const more = getRunningLoop().createFuture<void>("more data");
      this.#more = () => void (more.done() || more.setResult());
      await more;
    }
  }
}

async function open(
  command: Command,
  options: SubprocessOptions = {},
): Promise<{ transport: SubprocessTransport; notes: Notes }> {
  const notes = new Notes();
  const wait = openSubprocessTransport(getRunningLoop(), notes, command, options);
  return { transport: await until(wait), notes };
}

const cat = { program: "cat", args: [] };
const sleeper = { program: "sleep", args: ["1000"] };

test("exec and close: closing kills the child", () =>
  run(async () => {
    const { transport, notes } = await open(cat);
    expect([transport.getReturncode(), transport.isClosing()]).toEqual([undefined, false]);
    transport.close();
    transport.close();
    await notes.over;
    expect([transport.getReturncode(), transport.isClosing()]).toEqual([-9, true]);
    expect(childStates()).toEqual([]);
  }));

test("interactive: what is written comes back, twice", () =>
  run(async () => {
    const { transport, notes } = await open(cat);
    const stdin = transport.getPipeTransport(0);
    stdin?.write(Buffer.from("Python "));
    await notes.has(1, "Python ");
    stdin?.write(Buffer.from("The Winner"));
    await notes.has(1, "The Winner");
    transport.close();
    await notes.over;
    expect(notes.data[1]).toBe("Python The Winner");
  }));

test("a line for the shell: its output comes, all pipes are lost, and the order of the calls", () =>
  run(async () => {
    const { transport, notes } = await open({ shell: "echo Python" });
    await notes.over;
    expect([transport.getReturncode(), notes.data[1]]).toEqual([0, "Python\n"]);
    expect([notes.log[0], notes.log.at(-1)]).toEqual(["made true", "over"]);
    expect(notes.log.slice(1, -1).toSorted()).toEqual(["exited", "lost 0", "lost 1", "lost 2"]);
  }));

test("an exit code, and a close after the end that does nothing", () =>
  run(async () => {
    const { transport, notes } = await open({ shell: "exit 7" });
    await notes.over;
    expect(transport.getReturncode()).toBe(7);
    transport.close();
    transport.kill();
    expect(notes.log.filter((line) => line === "over")).toHaveLength(1);
  }));

test("kill, terminate and send a signal", () =>
  run(async () => {
    for (const [end, code] of [
      [(child: SubprocessTransport) => child.kill(), -9],
      [(child: SubprocessTransport) => child.terminate(), -15],
      [(child: SubprocessTransport) => child.sendSignal("SIGHUP"), -1],
    ] as const) {
      const { transport, notes } = await open(sleeper);
      end(transport);
      await notes.over;
      expect(transport.getReturncode()).toBe(code);
    }
  }));

test("the error output comes by itself, or with the output, and then there is no pipe 2", () =>
  run(async () => {
    const both = { shell: "echo out; echo err >&2" };
    const apart = await open(both);
    expect(apart.transport.getPipeTransport(2)).toBeDefined();
    await apart.notes.over;
    expect(apart.notes.data).toEqual({ 1: "out\n", 2: "err\n" });
    const joined = await open(both, { stderr: "stdout" });
    expect(joined.transport.getPipeTransport(2)).toBeUndefined();
    await joined.notes.over;
    expect(joined.notes.data).toEqual({ 1: "out\nerr\n", 2: "" });
  }));

test("closing our end of its output breaks its writing", () =>
  run(async () => {
    const line = "trap '' PIPE; read line; echo more 2>&- || exit 3";
    const { transport, notes } = await open(sh(line));
    transport.getPipeTransport(1)?.close();
    transport.getPipeTransport(0)?.write(Buffer.from("go on\n"));
    await notes.over;
    expect(transport.getReturncode()).toBe(3);
  }));

test("a new session", () =>
  run(async () => {
    const { transport, notes } = await open(sh("ps -o sid= -p $$"), { processGroup: true });
    await notes.over;
    expect(Number(notes.data[1])).toBe(transport.getPid());
  }));

test("invalid arguments are refused", () =>
  run(async () => {
    for (const wrong of [{ program: "", args: [] }, { program: "ls", args: 5 }, { shell: 5 }]) {
      await expect(open(wrong as never)).rejects.toThrow(ArgumentError);
    }
    await expect(open(cat, { universalNewlines: true } as never)).rejects.toThrow(ArgumentError);
  }));

test("it holds the loop's host to its end, and a loop that has closed hears nothing", async () => {
  const host = new VirtualHost();
  await run(
    async () => {
      const { notes } = await open({ shell: "sleep 0.1; echo late" });
      await notes.over;
      expect([notes.data[1], host.now()]).toEqual(["late\n", 0]);
    },
    { host },
  );
  const loop = new EventLoop();
  const left = await loop.runUntilComplete(() => open(sleeper));
  await loop.close();
  await untilSo(() => childStates().length === 0);
  expect([left.transport.getReturncode(), left.notes.log[0]]).toEqual([-15, "made true"]);
});
