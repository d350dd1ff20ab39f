import { ExceptionGroup } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { currentTime, isCancelled, moveOnAfter, sleep, type Operation } from "../../src/index.js";
import { ConnectError } from "../../src/net.js";
import { alternateFamilies, connectToFirst } from "../../src/net/happy-eyeballs.js";
import type { ResolvedAddress } from "../../src/net/resolve-host.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

type Plan = readonly [address: string, ms: number, result: "success" | "error"];

const resolved = (address: string): ResolvedAddress => ({
  address,
  family: address.includes(":") ? 6 : 4,
});

/** A network that does as planned, and knows what was tried when, and what is left open. */
class Network {
  readonly startedAt: Record<string, number> = {};
  readonly open = new Set<string>();
  readonly connecting = new Set<string>();
  readonly #plans: readonly Plan[];

  constructor(plans: readonly Plan[]) {
    this.#plans = plans;
  }

  readonly connect = ({ address }: ResolvedAddress): Operation<Connection> =>
    this.#connect(address);

  *#connect(address: string): Operation<Connection> {
    const [, ms, result] = this.#plans.find(([one]) => one === address) as Plan;
    this.startedAt[address] = currentTime();
    this.connecting.add(address);
    try {
      yield* sleep(ms);
    } finally {
      this.connecting.delete(address);
    }
    if (result === "error") throw new Error(`refused by ${address}`);
    this.open.add(address);
    return new Connection(address, this.open);
  }
}

class Connection {
  readonly address: string;
  readonly #open: Set<string>;

  constructor(address: string, open: Set<string>) {
    this.address = address;
    this.#open = open;
  }

  *aclose(): Operation<void> {
    this.#open.delete(this.address);
    yield* sleep(0);
  }
}

interface Played {
  readonly network: Network;
  readonly outcome: unknown;
  readonly at: number;
}

/** Connects on virtual time, from 0 on, and gives what came of it and when. */
async function play(plans: readonly Plan[], delay = 250): Promise<Played> {
  const { run, host } = virtualRun();
  const network = new Network(plans);
  const addresses = alternateFamilies(plans.map(([address]) => resolved(address)));
  const connecting = run(() =>
    connectToFirst({ host: "example.org", port: 80, delay }, addresses, network.connect),
  );
  let outcome: unknown;
  try {
    outcome = (await connecting).address;
  } catch (error) {
    outcome = error;
  }
  expect([...network.open]).toEqual(typeof outcome === "string" ? [outcome] : []);
  expect(network.connecting.size).toBe(0);
  return { network, outcome, at: host.now() };
}

describe("connecting to the first address that answers", () => {
  test.each<[string, readonly Plan[], number, string, number, Record<string, number>]>([
    ["one that is quick", [["1.2.3.4", 123, "success"]], 250, "1.2.3.4", 123, { "1.2.3.4": 0 }],
    [
      "one that is slow",
      [["1.2.3.4", 100_000, "success"]],
      250,
      "1.2.3.4",
      100_000,
      { "1.2.3.4": 0 },
    ],
    [
      "the third, when the first two take longer than their time",
      [
        ["1.1.1.1", 1000, "success"],
        ["2.2.2.2", 1000, "success"],
        ["3.3.3.3", 200, "success"],
      ],
      250,
      "3.3.3.3",
      700,
      { "1.1.1.1": 0, "2.2.2.2": 250, "3.3.3.3": 500 },
    ],
    [
      "the second, before the third was tried",
      [
        ["1.1.1.1", 1000, "success"],
        ["2.2.2.2", 100, "success"],
        ["3.3.3.3", 200, "success"],
      ],
      250,
      "2.2.2.2",
      350,
      { "1.1.1.1": 0, "2.2.2.2": 250 },
    ],
    [
      "the first, when each has more time",
      [
        ["1.1.1.1", 1000, "success"],
        ["2.2.2.2", 1000, "success"],
        ["3.3.3.3", 200, "success"],
      ],
      450,
      "1.1.1.1",
      1000,
      { "1.1.1.1": 0, "2.2.2.2": 450, "3.3.3.3": 900 },
    ],
    [
      "the fourth: a failure starts the next one at once",
      [
        ["1.1.1.1", 100, "error"],
        ["2.2.2.2", 200, "error"],
        ["3.3.3.3", 10_000, "success"],
        ["4.4.4.4", 250, "success"],
      ],
      250,
      "4.4.4.4",
      800,
      { "1.1.1.1": 0, "2.2.2.2": 100, "3.3.3.3": 300, "4.4.4.4": 550 },
    ],
    [
      "the first of three that answer at one instant; the others are closed",
      [
        ["1.1.1.1", 500, "error"],
        ["2.2.2.2", 10_000, "success"],
        ["3.3.3.3", 9000, "success"],
        ["4.4.4.4", 8000, "success"],
        ["5.5.5.5", 500, "error"],
      ],
      1000,
      "2.2.2.2",
      10_500,
      { "1.1.1.1": 0, "2.2.2.2": 500, "3.3.3.3": 1500, "4.4.4.4": 2500, "5.5.5.5": 3500 },
    ],
    [
      "the other family second (HE-1)",
      [
        ["1.1.1.1", 10_000, "error"],
        ["2.2.2.2", 1000, "success"],
        ["::3", 500, "success"],
      ],
      1000,
      "::3",
      1500,
      { "1.1.1.1": 0, "::3": 1000 },
    ],
    [
      "the second of IPv6, where there is no IPv4",
      [
        ["::1", 10_000, "success"],
        ["2.2.2.2", 0, "error"],
        ["::3", 100, "success"],
        ["4.4.4.4", 0, "error"],
      ],
      1000,
      "::3",
      1100,
      { "::1": 0, "2.2.2.2": 1000, "::3": 1000 },
    ],
    [
      "the second of IPv4, where there is no IPv6",
      [
        ["::1", 0, "error"],
        ["2.2.2.2", 10_000, "success"],
        ["::3", 0, "error"],
        ["4.4.4.4", 100, "success"],
      ],
      1000,
      "4.4.4.4",
      1100,
      { "::1": 0, "2.2.2.2": 0, "::3": 1000, "4.4.4.4": 1000 },
    ],
    [
      "one after another, where there is no end of their time",
      [
        ["1.1.1.1", 5000, "error"],
        ["2.2.2.2", 10, "success"],
      ],
      Number.POSITIVE_INFINITY,
      "2.2.2.2",
      5010,
      { "1.1.1.1": 0, "2.2.2.2": 5000 },
    ],
    [
      "the first, and all at once, where they have no time",
      [
        ["1.1.1.1", 30, "success"],
        ["2.2.2.2", 20, "success"],
        ["3.3.3.3", 40, "success"],
      ],
      0,
      "2.2.2.2",
      20,
      { "1.1.1.1": 0, "2.2.2.2": 0, "3.3.3.3": 0 },
    ],
    [
      "one that answers just when the time of the one before is over",
      [
        ["1.1.1.1", 250, "success"],
        ["2.2.2.2", 0, "success"],
      ],
      250,
      "1.1.1.1",
      250,
      { "1.1.1.1": 0, "2.2.2.2": 250 },
    ],
  ])("T249: gives %s (HE-2)", async (_what, plans, delay, winner, at, startedAt) => {
    const played = await play(plans, delay);
    expect(played.outcome).toBe(winner);
    expect(played.at).toBe(at);
    expect(played.network.startedAt).toEqual(startedAt);
  });

  test.each<[string, readonly Plan[], number]>([
    ["quickly", [["1.2.3.4", 123, "error"]], 123],
    ["slowly", [["1.2.3.4", 100_000, "error"]], 100_000],
    [
      "with several",
      [
        ["1.1.1.1", 100, "error"],
        ["2.2.2.2", 200, "error"],
        ["3.3.3.3", 10_000, "error"],
        ["4.4.4.4", 250, "error"],
      ],
      10_300,
    ],
  ])("T249: fails %s with all errors and their addresses (HE-3, HE-7)", async (_how, plans, at) => {
    const played = await play(plans);
    const error = played.outcome as ConnectError;
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.cause).toBeInstanceOf(ExceptionGroup);
    const messages = (error.cause as ExceptionGroup).errors.map((one) => (one as Error).message);
    expect(messages.toSorted()).toEqual(plans.map(([address]) => `refused by ${address}`));
    for (const [address] of plans) expect(error.message).toContain(`${address}:80: Error: refused`);
    expect(played.at).toBe(at);
  });

  test("T249: closes everything when it is cancelled, and gives one Cancelled (HE-6)", async () => {
    const { run, host } = virtualRun();
    const plans = ["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"].map((address): Plan => [
      address,
      10_000,
      "success",
    ]);
    const network = new Network(plans);
    let thrown: unknown;
    const result = await run(() =>
      moveOnAfter(5000, function* () {
        try {
          const addresses = plans.map(([address]) => resolved(address));
          yield* connectToFirst({ host: "h", port: 1, delay: 250 }, addresses, network.connect);
        } catch (error) {
          thrown = error;
          throw error;
        }
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(isCancelled(thrown)).toBe(true);
    expect(host.now()).toBe(5000);
    expect(Object.keys(network.startedAt)).toHaveLength(4);
    expect(network.connecting.size + network.open.size).toBe(0);
  });

  test("T249: closes the winner where it is cancelled while the others are given up (HE-6)", async () => {
    const { run } = virtualRun();
    const open = new Set<string>();
    const connect = function* ({ address }: ResolvedAddress): Operation<Connection> {
      if (address === "1.1.1.1") {
        yield* sleep(300);
        open.add(address);
        return new Connection(address, open);
      }
      try {
        yield* sleep(10_000);
      } finally {
        // Takes its time to be given up, in a shield.
        yield* moveOnAfter(1000, function* (scope) {
          scope.shield = true;
          yield* sleep(500);
        });
      }
      throw new Error("not reached");
    };
    const result = await run(() =>
      moveOnAfter(400, () =>
        connectToFirst(
          { host: "h", port: 1, delay: 250 },
          [resolved("1.1.1.1"), resolved("2.2.2.2")],
          connect,
        ),
      ),
    );
    expect(result.cancelledCaught).toBe(true);
    expect([...open]).toEqual([]);
  });

  test("counts what a connector throws at its call as a failed attempt", async () => {
    const { run } = virtualRun();
    const connecting = run(() =>
      connectToFirst({ host: "h", port: 1, delay: 250 }, [resolved("1.1.1.1")], () => {
        throw new Error("at the call");
      }),
    );
    expect((await rejectionOf(connecting)) as Error).toBeInstanceOf(ConnectError);
  });
});

describe("the order of addresses", () => {
  const order = (...addresses: string[]): string[] =>
    alternateFamilies(addresses.map(resolved)).map(({ address }) => address);

  test("T249: stays where there is one family, one address or none (HE-1)", () => {
    expect(order()).toEqual([]);
    expect(order("1.1.1.1")).toEqual(["1.1.1.1"]);
    expect(order("1.1.1.1", "1.1.1.2", "1.1.1.3")).toEqual(["1.1.1.1", "1.1.1.2", "1.1.1.3"]);
    expect(order("::1", "::2", "::3")).toEqual(["::1", "::2", "::3"]);
  });

  test("T249: stays where the first two are of two families (HE-1)", () => {
    expect(order("1.1.1.1", "::1", "1.1.1.2", "::2")).toEqual(["1.1.1.1", "::1", "1.1.1.2", "::2"]);
  });

  test("T249: has the first of the other family in the second place (HE-1)", () => {
    expect(order("1.1.1.1", "1.1.1.2", "1.1.1.3", "::1", "::2")).toEqual([
      "1.1.1.1",
      "::1",
      "1.1.1.2",
      "1.1.1.3",
      "::2",
    ]);
  });
});
