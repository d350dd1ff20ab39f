// Happy eyeballs (RFC 8305): the first address has a head start, each further one is tried when the one before has failed or has
// had its time, and the first connection wins. The tries are children of one nursery; the winner cancels it, and that closes
// whatever the others have open. So there are no books to keep, and no try goes on unseen.
import { Event, isCancelled, moveOnAfter, openNursery, type Operation } from "@trestle/structured";

/**
 * Connects to the first target that answers, and gives the connection.
 *
 * @param headStart how long, in milliseconds, a target is tried before the next one is tried as well
 * @param connect connects to one target; cancelled, it leaves nothing open
 * @param discard closes a connection that came too late
 * @throws AggregateError of all failures, where no target answered
 */
export function* firstToConnect<T, C>(
  targets: readonly T[],
  headStart: number,
  connect: (target: T) => Operation<C>,
  discard: (connection: C) => Operation<void>,
): Operation<C> {
  const winners: C[] = [];
  const failures: unknown[] = [];

  yield* openNursery(function* (nursery): Operation<void> {
    function* attempt([target, ...rest]: readonly T[]): Operation<void> {
      if (target === undefined) return;
      const failed = new Event();
      nursery.startSoon(function* next(): Operation<void> {
        yield* moveOnAfter(headStart, () => failed.wait());
        yield* attempt(rest);
      });
      try {
        const connection = yield* connect(target);
        // Two may get through at the same moment.
        if (winners.length > 0) return yield* discard(connection);
        winners.push(connection);
        nursery.cancelScope.cancel("connected");
      } catch (error) {
        if (isCancelled(error)) throw error;
        failures.push(error);
        failed.set();
      }
    }
    yield* attempt(targets);
  });

  if (winners.length === 0)
    throw new AggregateError(failures, "Cannot connect: no address answers.");
  return winners[0] as C;
}
