import { platformHost, type Release } from "@trestle/host";
import { listenTo, unlisten, type SignalListener } from "./signal-source.js";

/**
 * Has a function called at each signal, until it is released. The process stays alive for it; a virtual clock goes on.
 *
 * @throws NoSignalsError in a worker; ArgumentError for what is no signal, or cannot be received
 */
export function receiveSignal(signal: NodeJS.Signals, receiver: () => void): Release {
  const listener: SignalListener = {
    heard: (arrival) => {
      arrival.isTaken = true;
      receiver();
    },
    keeps: () => false,
  };
  listenTo(signal, listener);
  const release = platformHost().hold(`the signal ${signal}`);
  return () => {
    unlisten(signal, listener);
    release();
  };
}
