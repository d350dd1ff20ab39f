// Two tasks of one parent send each other values, as in the row `ping-pong`. The one that answers fails at the third; the
// other one waits for an answer that does not come.
import {
  openMemoryChannel,
  openNursery,
  run,
  type Operation,
  type ReceiveChannel,
  type SendChannel,
} from "@trestle/structured";
import { Effect, Queue } from "effect";
import {
  all,
  createQueue,
  run as runEffection,
  type Operation as EffectionOperation,
} from "effection";
import type { Audit } from "../audit.js";
import { Mailbox } from "../mailbox.js";
import type { TaskLibrary } from "../row.js";
import { errorOf, Family } from "./family.js";

const ASKING = 1;
const LAST = 3;

export const brokenExchange: Readonly<Record<TaskLibrary, () => Promise<Audit>>> = {
  Trestle: trestleAudit,
  native: nativeAudit,
  Effect: effectAudit,
  Effection: effectionAudit,
};

async function trestleAudit(): Promise<Audit> {
  const family = new Family();
  function* answering(from: ReceiveChannel<number>, to: SendChannel<number>): Operation<void> {
    family.born();
    for (let i = 0; i < LAST; i++) yield* to.send(yield* from.receive());
    throw family.failed();
  }
  function* asking(to: SendChannel<number>, from: ReceiveChannel<number>): Operation<void> {
    family.born();
    try {
      for (let i = 0; ; i++) {
        yield* to.send(i);
        yield* from.receive();
      }
    } finally {
      family.ended(ASKING);
    }
  }
  const parent = () =>
    openNursery(function* (nursery) {
      const [ping, pinged] = openMemoryChannel<number>(1);
      const [pong, ponged] = openMemoryChannel<number>(1);
      nursery.startSoon(answering, pinged, pong);
      nursery.startSoon(asking, ping, ponged);
    });
  return family.audit(await errorOf(run(parent)));
}

async function nativeAudit(): Promise<Audit> {
  const family = new Family();
  const ping = new Mailbox<number>();
  const pong = new Mailbox<number>();
  async function answering(): Promise<void> {
    family.born();
    for (let i = 0; i < LAST; i++) pong.put(await ping.take());
    throw family.failed();
  }
  async function asking(): Promise<void> {
    family.born();
    try {
      for (let i = 0; ; i++) {
        ping.put(i);
        await pong.take();
      }
    } finally {
      family.ended(ASKING);
    }
  }
  return family.audit(await errorOf(Promise.all([answering(), asking()])));
}

async function effectAudit(): Promise<Audit> {
  const family = new Family();
  const parent = Effect.gen(function* () {
    const ping = yield* Queue.bounded<number>(1);
    const pong = yield* Queue.bounded<number>(1);
    const answering = Effect.gen(function* () {
      family.born();
      for (let i = 0; i < LAST; i++) yield* Queue.offer(pong, yield* Queue.take(ping));
      return yield* Effect.fail(family.failed());
    });
    const asking = Effect.gen(function* () {
      family.born();
      for (let i = 0; ; i++) {
        yield* Queue.offer(ping, i);
        yield* Queue.take(pong);
      }
    }).pipe(Effect.ensuring(Effect.sync(() => family.ended(ASKING))));
    yield* Effect.all([answering, asking], { concurrency: "unbounded", discard: true });
  });
  return family.audit(await Effect.runPromiseExit(parent));
}

async function effectionAudit(): Promise<Audit> {
  const family = new Family();
  const ping = createQueue<number, void>();
  const pong = createQueue<number, void>();
  function* answering(): EffectionOperation<void> {
    family.born();
    for (let i = 0; i < LAST; i++) pong.add((yield* ping.next()).value ?? Number.NaN);
    throw family.failed();
  }
  function* asking(): EffectionOperation<void> {
    family.born();
    try {
      for (let i = 0; ; i++) {
        ping.add(i);
        yield* pong.next();
      }
    } finally {
      family.ended(ASKING);
    }
  }
  return family.audit(await errorOf(runEffection(() => all([answering(), asking()]))));
}
