// Who waits for which descriptor: at most one watch for each direction of each.
//
//   idle ── arm ──▶ armed ── the event ──▶ idle;   either ── release, or an error ──▶ released
//
// An interest of the backend is good for one event, and each arming has a token of its own: an event with another one belongs to
// a descriptor that had the number before. Where the backend says that it does not know a descriptor which it was given earlier,
// the number is another file's by now, and whoever waited for the one before is told that it was closed.
import { BusyResourceError, ClosedResourceError } from "../resource-errors.js";
import { READABLE, WRITABLE, type Backend, type TakeEvent } from "./backend.js";
import type { Direction } from "./descriptor.js";
import { errorOf } from "./descriptor-errors.js";

/** Who is told about a descriptor. */
export interface Watcher {
  /** It is ready; not again before it was armed again. */
  ready(): void;
  /** It cannot be watched any more, and the watch is released. */
  failed(error: unknown): void;
}

/** A watch over one direction of a descriptor. */
export interface Watch {
  /** Waits for the next time that it is ready. An error goes to the watcher. */
  arm(): void;
  /** Ends it: nothing is called any more. */
  release(): void;
}

/** All that is known of one descriptor. */
interface Interest {
  readonly fd: number;
  reader: DescriptorWatch | undefined;
  writer: DescriptorWatch | undefined;
  /** What the backend is armed for, and the token of that. */
  armed: number;
  token: number;
  /** The backend has had it. */
  isKnown: boolean;
}

const LARGEST_TOKEN = 0x7f_ff_ff_ff;

/** Opens what watches, when it is first needed. @throws where that fails */
export type OpenBackend = (takeEvent: TakeEvent, action: string) => Backend;

/** How much is waited for. */
export interface ReadinessStatistics {
  /** What watches the descriptors: "poll", "thread" or "stream"; undefined where nothing has been waited for. */
  readonly backend: Backend["name"] | undefined;
  readonly waitingForReading: number;
  readonly waitingForWriting: number;
}

/** The descriptors that are waited for, in one thread. */
export class Interests {
  readonly #open: OpenBackend;
  #backend: Backend | undefined;
  readonly #interests = new Map<number, Interest>();
  #watches = 0;
  #lastToken = 0;

  constructor(open: OpenBackend) {
    this.#open = open;
  }

  /**
   * Begins a watch, which is not armed yet.
   *
   * @throws BusyResourceError where there is one for that direction; NativeMissingError; DescriptorError
   */
  watch(fd: number, direction: Direction, watcher: Watcher): Watch {
    const action = actionOf(fd, direction);
    const backend = (this.#backend ??= this.#open(this.#event, action));
    backend.require?.(direction, action);
    if (this.#watchOf(fd, direction) !== undefined && !this.#forgetPredecessor(fd, backend)) {
      throw new BusyResourceError(action);
    }
    const watch = new DescriptorWatch(this, this.#interestIn(fd), direction, watcher);
    if (direction === "reading") watch.interest.reader = watch;
    else watch.interest.writer = watch;
    if (this.#watches++ === 0) backend.hold(true);
    return watch;
  }

  /** Tells those who wait for a descriptor that it is about to be closed. */
  notifyClosing(fd: number): void {
    const interest = this.#interests.get(fd);
    if (interest === undefined) return;
    this.#backend?.arm(fd, 0, 0);
    this.#end(interest);
  }

  statistics(): ReadinessStatistics {
    const interests = [...this.#interests.values()];
    return {
      backend: this.#backend?.name,
      waitingForReading: interests.filter(({ reader }) => reader?.isArmed === true).length,
      waitingForWriting: interests.filter(({ writer }) => writer?.isArmed === true).length,
    };
  }

  /** Ends it. */
  close(): void {
    this.#backend?.close();
    this.#backend = undefined;
    this.#interests.clear();
    this.#watches = 0;
  }

  /** Brings the backend up to date with what is wanted of a descriptor. */
  update(interest: Interest): void {
    const { fd, reader, writer } = interest;
    const wanted =
      (reader?.isArmed === true ? READABLE : 0) | (writer?.isArmed === true ? WRITABLE : 0);
    if (wanted === interest.armed) return;
    const token = this.#nextToken();
    const status = (this.#backend as Backend).arm(fd, wanted, token);
    if (status < 0) {
      this.#end(interest, status);
      return;
    }
    if (status > 0 && interest.isKnown && wanted !== 0) {
      // What was armed now is not what was waited for.
      this.#backend?.arm(fd, 0, 0);
      this.#end(interest);
      return;
    }
    interest.token = token;
    interest.armed = wanted;
    interest.isKnown = true;
  }

  /** Takes a watch out. */
  remove(watch: DescriptorWatch): void {
    const { interest } = watch;
    if (interest.reader === watch) interest.reader = undefined;
    else interest.writer = undefined;
    if (--this.#watches === 0) this.#backend?.hold(false);
    if (interest.reader === undefined && interest.writer === undefined) {
      this.#interests.delete(interest.fd);
    }
  }

  readonly #event = (fd: number, token: number, ready: number): void => {
    const interest = this.#interests.get(fd);
    if (interest === undefined || interest.token !== token) return;
    interest.armed = 0;
    const { reader, writer } = interest;
    try {
      if ((ready & READABLE) !== 0) reader?.fire();
    } finally {
      try {
        if ((ready & WRITABLE) !== 0) writer?.fire();
      } finally {
        if (this.#interests.get(fd) === interest) this.update(interest);
      }
    }
  };

  #watchOf(fd: number, direction: Direction): DescriptorWatch | undefined {
    const interest = this.#interests.get(fd);
    return direction === "reading" ? interest?.reader : interest?.writer;
  }

  #interestIn(fd: number): Interest {
    let interest = this.#interests.get(fd);
    if (interest === undefined) {
      interest = { fd, reader: undefined, writer: undefined, armed: 0, token: 0, isKnown: false };
      this.#interests.set(fd, interest);
    }
    return interest;
  }

  /** Whether those who wait by a number wait for a file that was closed; they are told then. */
  #forgetPredecessor(fd: number, backend: Backend): boolean {
    const interest = this.#interests.get(fd) as Interest;
    if (!interest.isKnown || interest.armed === 0) return false;
    interest.token = this.#nextToken();
    if (backend.arm(fd, interest.armed, interest.token) === 0) return false;
    backend.arm(fd, 0, 0);
    this.#end(interest);
    return true;
  }

  /** Fails all that wait for a descriptor: with what the operating system says, or because it was closed. */
  #end(interest: Interest, status?: number): void {
    interest.armed = 0;
    for (const watch of [interest.reader, interest.writer]) {
      if (watch === undefined) continue;
      const action = actionOf(interest.fd, watch.direction);
      watch.fail(status === undefined ? new ClosedResourceError(action) : errorOf(action, status));
    }
  }

  #nextToken(): number {
    this.#lastToken = this.#lastToken === LARGEST_TOKEN ? 1 : this.#lastToken + 1;
    return this.#lastToken;
  }
}

class DescriptorWatch implements Watch {
  readonly interest: Interest;
  readonly direction: Direction;
  isArmed = false;
  readonly #interests: Interests;
  #watcher: Watcher | undefined;

  constructor(interests: Interests, interest: Interest, direction: Direction, watcher: Watcher) {
    this.#interests = interests;
    this.interest = interest;
    this.direction = direction;
    this.#watcher = watcher;
  }

  arm(): void {
    if (this.#watcher === undefined || this.isArmed) return;
    this.isArmed = true;
    this.#interests.update(this.interest);
  }

  release(): void {
    if (this.#watcher === undefined) return;
    const wasArmed = this.isArmed;
    this.#leave();
    if (wasArmed) this.#interests.update(this.interest);
  }

  fire(): void {
    if (!this.isArmed) return;
    this.isArmed = false;
    this.#watcher?.ready();
  }

  fail(error: unknown): void {
    const watcher = this.#watcher;
    this.#leave();
    watcher?.failed(error);
  }

  #leave(): void {
    this.#watcher = undefined;
    this.isArmed = false;
    this.#interests.remove(this);
  }
}

/** "wait for reading of descriptor 5" */
function actionOf(fd: number, direction: Direction): string {
  return `wait for ${direction} of descriptor ${fd}`;
}
