import { expect, test } from "vitest";
import type { Body } from "../src/program.js";
import type { Result } from "../src/result.js";
import { runProgram } from "../src/run-program.js";

function run(body: unknown[], events: readonly string[] = []): Promise<Result> {
  return runProgram({ flavor: "bridge", body: body as Body, events });
}

const log = (m: string) => ({ op: "log", m });
const sleep = (d: number) => ({ op: "sleep", d });
const aio = (...body: unknown[]) => ({ op: "aio", body });
const trio = (...body: unknown[]) => ({ op: "trio", body });

test("calls from one flavor to the other and back, under one name", async () => {
  expect(
    await run([
      log("L1"),
      aio(sleep(1), log("L2"), trio(sleep(2), log("L3"), aio(log("L4")))),
      log("L5"),
    ]),
  ).toEqual({
    outcome: "ok",
    trace: {
      main: [
        [0, "L1"],
        [1, "L2"],
        [3, "L3"],
        [3, "L4"],
        [3, "L5"],
      ],
    },
  });
});

test("lets loop code cancel a scope and set an event of the structured side", async () => {
  const scope = { op: "scope", id: "s1", deadline: null, shield: false, body: [sleep(9)] };
  const nursery = {
    op: "nursery",
    id: "n1",
    children: [[scope], [{ op: "wait", id: "e1" }, log("set")]],
    body: [aio(sleep(2), { op: "cancel", id: "s1" }, sleep(1), { op: "set", id: "e1" })],
  };
  expect((await run([nursery], ["e1"])).trace).toEqual({
    main: [[3, "n1:done"]],
    "main/n1.0": [[2, "s1:caught"]],
    "main/n1.1": [[3, "set"]],
  });
});

test("prints the leaf errors alone, whatever layers of groups there are", async () => {
  const failing = (m: string) => ({ op: "raise", m });
  const nursery = { op: "nursery", id: "n1", children: [[failing("E2")]], body: [failing("E1")] };
  expect((await run([nursery])).outcome).toBe("error:E1 E2");
  expect((await run([aio(trio(nursery))])).outcome).toBe("error:E1 E2");
});
