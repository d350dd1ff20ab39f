import { ArgumentError, describe } from "@trestle/host";
import { ChannelState } from "./channel-state.js";
import { ReceiveChannel } from "./receive-channel.js";
import { SendChannel } from "./send-channel.js";

/**
 * Makes a channel: what is sent at one end is received at the other, once each, in order.
 *
 * Source: Trio's memory channels. Flavor: structured; the calls that never wait may be made from anywhere.
 *
 * @param maxBufferSize how many values may wait in the channel, a whole number, 0 or more, or Infinity; with 0 a send waits
 * for its receive
 * @throws ArgumentError for other sizes
 * @example
 * ```ts
 * import { openMemoryChannel, openNursery, run } from "@trestle/structured";
 *
 * await run(() =>
 *   openNursery(function* (nursery) {
 *     const [send, receive] = openMemoryChannel<number>(0);
 *     nursery.startSoon(function* () {
 *       for (let i = 0; i < 3; i++) yield* send.send(i);
 *       send.close();
 *     });
 *     yield* receive.each(function* (i) {
 *       console.log(i);
 *     });
 *   }),
 * );
 * ```
 */
export function openMemoryChannel<T>(
  maxBufferSize: number,
): [send: SendChannel<T>, receive: ReceiveChannel<T>] {
  if (maxBufferSize !== Infinity && !(Number.isInteger(maxBufferSize) && maxBufferSize >= 0)) {
    throw new ArgumentError(
      `Cannot open a channel with a buffer of ${describe(maxBufferSize)}: a whole number, 0 or more, or Infinity is wanted.`,
    );
  }
  const state = new ChannelState<T>(maxBufferSize);
  return [new SendChannel(state), new ReceiveChannel(state)];
}
