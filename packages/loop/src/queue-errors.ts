import { TrestleError } from "@trestle/host";

/** `getNowait` found nothing. Source: asyncio. */
export class QueueEmpty extends TrestleError {
  static override readonly code = "TRESTLE_QUEUE_EMPTY";

  constructor() {
    super(
      "QueueEmpty",
      new.target.code,
      "Cannot get an item at once: the queue is empty.\nUse 'get', which waits.",
    );
  }
}

/** `putNowait` found no room. Source: asyncio. */
export class QueueFull extends TrestleError {
  static override readonly code = "TRESTLE_QUEUE_FULL";

  constructor(maxsize: number) {
    super(
      "QueueFull",
      new.target.code,
      `Cannot put an item at once: the queue is full, it has ${maxsize}.\nUse 'put', which waits.`,
    );
  }
}

/** The queue was shut down: it takes nothing any more, and gives nothing that is not in it. Source: asyncio. */
export class QueueShutDown extends TrestleError {
  static override readonly code = "TRESTLE_QUEUE_SHUT_DOWN";

  constructor(action: "put" | "get") {
    super(
      "QueueShutDown",
      new.target.code,
      action === "put"
        ? "Cannot put an item: the queue was shut down.\nStop: nobody will take it."
        : "Cannot get an item: the queue was shut down, and nothing is left.\nStop, or iterate by 'for await', which ends then.",
    );
  }
}
