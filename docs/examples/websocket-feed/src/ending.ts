import { ExceptionGroup } from "@trestle/host";
import {
  BrokenResourceError,
  EndOfChannel,
  TooSlowError,
  type Operation,
} from "@trestle/structured";

/** Runs a conversation, and gives how it ended: as they end in a network, in words. Any other error is thrown. */
export function* endingOf(body: () => Operation<void>): Operation<string> {
  try {
    yield* body();
    return "closes";
  } catch (error) {
    // Errors that come out of a nursery are in a group.
    const errors = error instanceof ExceptionGroup ? error.flatten() : [error];
    if (!errors.every(isOfNetwork)) throw error;
    const [first] = errors;
    if (first instanceof TooSlowError) return "is silent";
    if (first instanceof EndOfChannel) return "closes";
    return `breaks: ${messageOf(first)}`;
  }
}

function isOfNetwork(error: unknown): boolean {
  const isOfSystem = error instanceof Error && "syscall" in error;
  return (
    isOfSystem ||
    error instanceof TooSlowError ||
    error instanceof EndOfChannel ||
    error instanceof BrokenResourceError
  );
}

function messageOf(error: unknown): string {
  const { cause } = error as Error;
  return (cause instanceof Error ? cause : (error as Error)).message;
}
