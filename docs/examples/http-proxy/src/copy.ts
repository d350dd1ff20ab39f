// From one stream into another, with the backpressure of both: nothing is received before what came before has gone out.
import { currentTime, failAfter, type Operation } from "@trestle/structured";
import { eachChunk, type ReceiveStream, type SendStream } from "@trestle/structured/streams";

/** Copies until the source ends, and gives the number of bytes. The streams stay open. `onChunk` is called for each piece. */
export function* copy(
  source: ReceiveStream,
  sink: SendStream,
  onChunk: () => void = () => {},
): Operation<number> {
  let bytes = 0;
  yield* eachChunk(source, function* (chunk) {
    onChunk();
    yield* sink.sendAll(chunk);
    onChunk();
    bytes += chunk.length;
  });
  return bytes;
}

/**
 * Runs a body until nothing has moved for some time. It is a deadline that is put off whenever `moved` is called.
 *
 * @throws TooSlowError
 */
export function whileMoving<T>(
  idle: number,
  body: (moved: () => void) => Operation<T>,
): Operation<T> {
  return failAfter(idle, (scope) =>
    body(() => {
      scope.deadline = currentTime() + idle;
    }),
  );
}
