import { expect, test } from "vitest";
import type { Body, Program } from "../src/program.js";
import type { Result } from "../src/result.js";
import { runProgram } from "../src/run-program.js";

type Declared = Pick<Program, "events" | "channels" | "locks" | "semaphores">;

function run(body: unknown[], declared: Declared = {}): Promise<Result> {
  return runProgram({ flavor: "structured", body: body as Body, ...declared });
}

const log = (m: string) => ({ op: "log", m });
const sleep = (d: number) => ({ op: "sleep", d });
const raise = (m: string) => ({ op: "raise", m });
const checkpoint = { op: "checkpoint" };
const nursery = (id: string, children: unknown[][], body: unknown[] = []) => ({
  op: "nursery",
  id,
  children,
  body,
});
const scope = (id: string, body: unknown[], deadline: number | null = null) => ({
  op: "scope",
  id,
  deadline,
  shield: false,
  body,
});

test("logs with the second, and ends well", async () => {
  expect(await run([log("L1"), sleep(3), checkpoint, log("L2")])).toEqual({
    outcome: "ok",
    trace: {
      main: [
        [0, "L1"],
        [3, "L2"],
      ],
    },
  });
});

test("ends with an error as it is printed", async () => {
  expect(await run([raise("E1"), log("never")])).toEqual({ outcome: "error:E1", trace: {} });
});

test("prints the errors of a nursery as a group, nested and sorted", async () => {
  const inner = nursery("n2", [[raise("E3")]], [raise("E2")]);
  expect((await run([nursery("n1", [[raise("E4")], [inner]], [raise("E1")])])).outcome).toBe(
    "error:((E2 E3) E1 E4)",
  );
});

test("names each child after the task that starts it", async () => {
  const { trace } = await run([
    nursery(
      "n1",
      [[log("a")], [{ op: "spawn", nursery: "n1", body: [log("b")] }]],
      [
        { op: "spawn", nursery: "n1", body: [log("c")] },
        { op: "spawn", nursery: "n1", body: [log("d")] },
        {
          op: "start",
          nursery: "n1",
          value: "v1",
          before: [log("e")],
          after: [sleep(1), log("f")],
        },
      ],
    ),
  ]);
  expect(trace).toEqual({
    main: [
      [0, "start:v1"],
      [1, "n1:done"],
    ],
    "main/n1.0": [[0, "a"]],
    "main/n1.1/spawn": [[0, "b"]],
    "main/spawn": [[0, "c"]],
    "main/spawn#1": [[0, "d"]],
    "main/start": [
      [0, "e"],
      [1, "f"],
    ],
  });
});

test("tells scopes that caught their cancellation from those that did not", async () => {
  const { trace } = await run([
    scope("s1", [sleep(5)], 2),
    scope("s2", [sleep(1)], 2),
    { ...scope("s3", [checkpoint]), cancelled: true },
    scope("s4", [{ op: "cancelled" }, { op: "cancel", id: "s4" }, { op: "cancelled" }]),
  ]);
  expect(trace["main"]).toEqual([
    [2, "s1:caught"],
    [3, "s2:done"],
    [3, "s3:caught"],
    [3, "cancelled:no"],
    [3, "cancelled:yes"],
    [3, "s4:done"],
  ]);
});

test("moves deadlines and shields of scopes, and leaves alone what is not registered", async () => {
  const { trace } = await run([
    { op: "deadline", id: "s1", d: 1 },
    { op: "shield", id: "s1", value: true },
    { op: "cancel", id: "s1" },
    scope("s1", [{ op: "deadline", id: "s1", d: 4 }, sleep(9)]),
    scope("s2", [scope("s3", [{ op: "shield", id: "s3", value: true }, sleep(9)], 5)], 1),
  ]);
  expect(trace["main"]).toEqual([
    [4, "s1:caught"],
    [9, "s3:caught"],
    [9, "s2:done"],
  ]);
});

test("cancels a nursery by its id", async () => {
  const { trace } = await run([
    nursery("n1", [[sleep(9)]], [sleep(2), { op: "cancel", id: "n1" }]),
  ]);
  expect(trace["main"]).toEqual([[2, "n1:caught"]]);
});

test("turns the errors of the runtime into errors of the program", async () => {
  const caught = async (...body: unknown[]): Promise<unknown> => {
    const declared = { channels: { c1: 0 }, locks: ["l1"] };
    const { trace } = await run([{ op: "catch", body, handler: [] }], declared);
    return trace["main"]?.at(-1)?.[1];
  };
  const send = { op: "send", id: "c1", v: "v1" };
  const receive = { op: "recv", id: "c1" };
  const lock = (body: unknown[]) => ({ op: "lock", id: "l1", body });
  expect(await caught({ op: "fail_after", d: 1, body: [sleep(2)] })).toBe("catch:TooSlow");
  expect(await caught(lock([lock([])]))).toBe("catch:Relock");
  expect(await caught({ op: "close_send", id: "c1" }, send)).toBe("catch:ClosedResource");
  expect(await caught({ op: "close_recv", id: "c1" }, send)).toBe("catch:BrokenResource");
  expect(await caught({ op: "close_recv", id: "c1" }, receive)).toBe("catch:ClosedResource");
  expect(await caught({ op: "close_send", id: "c1" }, receive)).toBe("catch:EndOfChannel");
  const start = { op: "start", nursery: "n1", value: "v1", before: [sleep(1)], after: [] };
  expect(await caught(nursery("n1", [], [{ ...start, never: true }]))).toBe("catch:(NeverStarted)");
});

test("says what became of a child that could not be started", async () => {
  const spawn = { op: "spawn", nursery: "n1", body: [] };
  const start = { op: "start", nursery: "n1", value: "v1", before: [], after: [] };
  const { trace } = await run([spawn, start, nursery("n1", []), spawn, start]);
  expect(trace["main"]).toEqual([
    [0, "spawn:none"],
    [0, "start:none"],
    [0, "n1:done"],
    [0, "spawn:closed"],
    [0, "start:closed"],
  ]);
});

test("uses events, channels, locks and semaphores", async () => {
  const { trace } = await run(
    [
      nursery("n1", [
        [{ op: "wait", id: "e1" }, log("after the event")],
        [{ op: "send", id: "c1", v: "v1" }],
        [sleep(2), { op: "recv", id: "c1" }, { op: "set", id: "e1" }],
        [{ op: "lock", id: "l1", body: [sleep(5)] }, log("a out")],
        [sleep(1), { op: "lock", id: "l1", body: [log("b in")] }],
        [{ op: "sem", id: "m1", body: [sleep(7)] }],
        [sleep(1), { op: "sem", id: "m1", body: [log("c in")] }],
      ]),
    ],
    { events: ["e1"], channels: { c1: 0 }, locks: ["l1"], semaphores: { m1: 1 } },
  );
  expect(trace).toEqual({
    main: [[7, "n1:done"]],
    "main/n1.0": [[2, "after the event"]],
    "main/n1.2": [[2, "recv:v1"]],
    "main/n1.3": [[5, "a out"]],
    "main/n1.4": [[5, "b in"]],
    "main/n1.6": [[7, "c in"]],
  });
});

test("catches the AppErrors of a group, and handles them where nothing else is left", async () => {
  const body = [nursery("n1", [[raise("E2")]], [raise("E1")])];
  const { outcome, trace } = await run([{ op: "catch", body, handler: [log("handled")] }]);
  expect([outcome, trace["main"]]).toEqual([
    "ok",
    [
      [0, "catch:(E1 E2)"],
      [0, "handled"],
    ],
  ]);
});

test("does not come to a handler in a cancelled scope", async () => {
  const failing = [{ op: "cancel", id: "s1" }, raise("E1")];
  const { trace } = await run([
    scope("s1", [{ op: "catch", body: failing, handler: [log("never")] }]),
  ]);
  expect(trace["main"]).toEqual([
    [0, "catch:E1"],
    [0, "s1:caught"],
  ]);
});

test("runs the final body whatever happens", async () => {
  const { outcome, trace } = await run([
    { op: "finally", body: [raise("E1")], final: [sleep(1), log("final")] },
  ]);
  expect([outcome, trace["main"]]).toEqual(["error:E1", [[1, "final"]]]);
});

test("fails a program that uses what it does not declare, or a statement of the other flavor", async () => {
  expect((await run([{ op: "wait", id: "e9" }])).outcome).toBe(
    'error:Error: Cannot use the event "e9": the program declares none of that id.',
  );
  expect((await run([{ op: "aio", body: [] }])).outcome).toBe(
    'error:UnknownOpError: Cannot run the statement "aio": the structured flavor has no such statement.',
  );
  expect((await run([{ op: "jump" }])).outcome).toMatch(
    /UnknownOpError: Cannot run the statement "jump"/u,
  );
});

test("gives the same for each seed, where the program depends on no order", async () => {
  const program: Program = {
    flavor: "structured",
    body: [
      nursery("n1", [
        [sleep(1), log("a")],
        [sleep(1), log("b")],
        [sleep(1), log("c")],
      ]),
    ] as unknown as Body,
  };
  const first = await runProgram(program);
  for (const seed of [1, 2, 3]) {
    expect(await runProgram(program, { seed })).toEqual(first);
  }
});
