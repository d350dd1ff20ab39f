import { openMemoryChannel, type Operation } from "../../src/index.js";
import { checkpoint, ClosedResourceError } from "../../src/index.js";
import type { Listener } from "../../src/streams.js";

/** A connection that only knows whether it has been closed. */
export class Connection {
  readonly name: string;
  isClosed = false;

  constructor(name = "") {
    this.name = name;
  }

  *aclose(): Operation<void> {
    this.isClosed = true;
    yield* checkpoint();
  }
}

/** A listener without a network: a test connects, and may have `accept` fail. */
export class MemoryListener implements Listener<Connection> {
  isClosed = false;
  readonly accepted: Connection[] = [];
  beforeAccept: () => void = () => {};
  readonly #channel = openMemoryChannel<Connection>(Number.POSITIVE_INFINITY);

  connect(name?: string): Connection {
    if (this.isClosed) throw new ClosedResourceError("connect");
    const connection = new Connection(name);
    this.#channel[0].sendNowait(connection);
    return connection;
  }

  *accept(): Operation<Connection> {
    yield* checkpoint();
    this.beforeAccept();
    const connection = yield* this.#channel[1].receive();
    this.accepted.push(connection);
    return connection;
  }

  *aclose(): Operation<void> {
    this.isClosed = true;
    yield* checkpoint();
  }
}
