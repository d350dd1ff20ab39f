import { sleep, type Operation } from "@trestle/structured";

/** Does a job. There is one kind, "nap MS". @throws Error for any other */
export function* perform(job: string): Operation<void> {
  const ms = /^nap (\d+)$/u.exec(job)?.[1];
  if (ms === undefined) throw new Error(`Cannot do "${job}": "nap MS" is all that is known here.`);
  yield* sleep(Number(ms));
}
