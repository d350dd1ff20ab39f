// Who is in the room. A member is a name and the sending end of a channel; a task of the member's connection has the other end.
//
// Nobody waits for anybody here: `tell` never waits. A member whose channel is full does not read, and loses the place instead of
// holding up the others.
import { WouldBlock, type SendChannel } from "@trestle/structured";

export class Room {
  readonly #members = new Map<string, SendChannel<string>>();

  /** In the order in which they came. */
  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** Takes a member in; false where the name is taken. */
  enter(name: string, channel: SendChannel<string>): boolean {
    if (this.#members.has(name)) return false;
    this.#members.set(name, channel);
    return true;
  }

  /** Lets a member go, if it is still there. */
  leave(name: string): void {
    this.#members.get(name)?.close();
    this.#members.delete(name);
  }

  /** Tells everybody but one. */
  tell(line: string, except?: string): void {
    for (const [name, channel] of this.#members) {
      if (name === except) continue;
      try {
        channel.sendNowait(line);
      } catch (error) {
        if (!(error instanceof WouldBlock)) throw error;
        // What the member has not read yet still goes out; then its connection ends.
        this.leave(name);
      }
    }
  }
}
