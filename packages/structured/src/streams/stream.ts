// The interfaces of streams of bytes. What a stream promises beyond the types is in the docstrings here, and the checks of
// the testing entry (`checkOneWayStream` and its kin) hold a stream to it.
import type { Operation } from "../operation.js";

/** Something that is closed when it is no longer wanted. Source: Trio. Flavor: structured. */
export interface AsyncResource {
  /**
   * Closes it, perhaps after waiting for what is under way. It is closed afterwards in any case: also where closing fails, and
   * where the task is cancelled, which makes it close at once, by force, and throw Cancelled then. Closing again does nothing.
   *
   * Operations that wait in it in other tasks fail with ClosedResourceError.
   */
  aclose(): Operation<void>;
}

/** The end of a stream that bytes are sent into. Source: Trio. Flavor: structured. */
export interface SendStream extends AsyncResource {
  /**
   * Sends all of the bytes. Waits until the stream has taken them. Where it fails or is cancelled, an unknown part of them
   * has been sent, and the stream is of little use afterwards. The bytes must not be changed meanwhile, after a
   * cancellation not until the stream is closed.
   *
   * @throws ClosedResourceError where the stream is or gets closed; BrokenResourceError where the other side has gone;
   * BusyResourceError where another task sends at the moment
   */
  sendAll(data: Uint8Array): Operation<void>;
  /**
   * Waits until `sendAll` might not have to wait. It may return too early, never too late.
   *
   * @throws ClosedResourceError, BrokenResourceError, BusyResourceError, as `sendAll` does
   */
  waitSendAllMightNotBlock(): Operation<void>;
}

/** The end of a stream that bytes come out of. Source: Trio. Flavor: structured. */
export interface ReceiveStream extends AsyncResource {
  /**
   * Gives the next bytes: at least one, and none at the end of the stream, from then on for ever. Waits until there are
   * some. Cancelled, it has taken nothing.
   *
   * @param maxBytes how many bytes are wanted at most, a whole number from 1; as many as are there unless given
   * @throws ArgumentError for other numbers; ClosedResourceError where the stream is or gets closed; BrokenResourceError
   * where the other side has broken off; BusyResourceError where another task receives at the moment
   */
  receiveSome(maxBytes?: number): Operation<Uint8Array>;
}

/** A stream in both directions. Source: Trio. Flavor: structured. */
export interface Stream extends SendStream, ReceiveStream {}

/** A stream whose sending direction can be ended by itself. Source: Trio. Flavor: structured. */
export interface HalfCloseableStream extends Stream {
  /**
   * Ends the sending direction: the other side receives what was sent, and then the end. Receiving goes on. A second time
   * does nothing; `sendAll` fails with ClosedResourceError from now on.
   *
   * @throws BusyResourceError where another task sends at the moment
   */
  sendEof(): Operation<void>;
}

/** Something that gives a new resource for each connection that comes in. Source: Trio. Flavor: structured. */
export interface Listener<S extends AsyncResource> extends AsyncResource {
  /**
   * Waits for the next connection and gives it. Cancelled, no connection is lost.
   *
   * @throws ClosedResourceError where the listener is or gets closed; BusyResourceError where another task accepts at the
   * moment; what the platform says when it has run out of something
   */
  accept(): Operation<S>;
}
