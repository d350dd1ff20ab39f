// Changes of files, as values that come out of a channel. A task for each folder listens to the events of Node's watcher, and has the
// tasks of the folders in it for children: when a folder goes away, so does all that listens below it.
//
// Node can watch a folder with all that is in it by itself. On Linux that loses files which are replaced, as editors do when they save.
import { watch } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import {
  currentTask,
  ExitError,
  fromPromise,
  openEventChannel,
  openMemoryChannel,
  openNursery,
  type EventChannel,
  type Nursery,
  type Operation,
  type ReceiveChannel,
  type SendChannel,
  type Task,
  type TaskStatus,
} from "trestle";
import { Path } from "trestle/io";

/**
 * Runs a body with the changes of some folders, and of all folders in them. What changes from its first line on is in the channel.
 *
 * @throws ExitError where a folder is not there or cannot be watched, when that has been told
 */
export function watchFolders<T>(
  folders: readonly string[],
  body: (changes: ReceiveChannel<string>) => Operation<T>,
): Operation<T> {
  return openNursery(function* (nursery): Operation<T> {
    const [found, changes] = openMemoryChannel<string>(Infinity);
    for (const folder of folders) {
      const isThere = yield* new Path(folder).isFolder();
      const task = isThere ? yield* startWatching(nursery, folder, found) : undefined;
      if (task === undefined) throw refusal(folder, "there is no such folder.");
    }
    const value = yield* body(changes);
    nursery.cancelScope.cancel("nobody looks at changes any more");
    return value;
  });
}

/** Gives the task that watches a folder, when it listens; undefined where the folder is gone already. */
function* startWatching(
  nursery: Nursery,
  folder: string,
  found: SendChannel<string>,
): Operation<Task<unknown> | undefined> {
  try {
    return yield* nursery.start<Task<unknown>, [string, SendChannel<string>]>(
      watchFolder,
      folder,
      found,
    );
  } catch (error) {
    if (isGone(error)) return undefined;
    // The system has only so many watchers, for one.
    if (error instanceof Error && "syscall" in error) throw refusal(folder, error.message);
    throw error;
  }
}

/** The arguments of the event: Node does not always know the name. */
type Change = [kind: string, name: string | null];

function* watchFolder(
  status: TaskStatus<Task<unknown>>,
  folder: string,
  found: SendChannel<string>,
): Operation<void> {
  const watcher = watch(folder);
  try {
    yield* openEventChannel(watcher, "change", (events: EventChannel<Change>) =>
      openNursery(function* (nursery): Operation<void> {
        const inside = new Map<string, Task<unknown> | undefined>();
        for (const name of yield* foldersIn(folder)) {
          inside.set(name, yield* startWatching(nursery, path.join(folder, name), found));
        }
        status.started(currentTask());
        yield* events.each(function* ([kind, name]): Operation<void> {
          if (name !== null && isPassedOver(name)) return;
          const place = path.join(folder, name ?? "");
          if (name !== null && kind === "rename") {
            // It has come, or gone, or is another one by now.
            inside.get(name)?.cancel("the folder is not what it was");
            inside.delete(name);
            if (yield* isFolder(place)) {
              inside.set(name, yield* startWatching(nursery, place, found));
            }
          }
          // Told last: what a new folder had in it before somebody listened is there when it is built.
          found.sendNowait(place);
        });
      }),
    );
  } finally {
    watcher.close();
  }
}

/** The folders in a folder that are watched. Links are not followed: they may lead in circles. */
function* foldersIn(folder: string): Operation<readonly string[]> {
  try {
    const entries = yield* fromPromise(readdir(folder, { withFileTypes: true }));
    return entries.flatMap((entry) =>
      entry.isDirectory() && !isPassedOver(entry.name) ? [entry.name] : [],
    );
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function* isFolder(place: string): Operation<boolean> {
  try {
    return (yield* fromPromise(lstat(place))).isDirectory();
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Whether a change is none of our business: of hidden files and folders, and of what is installed. */
export function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

function isGone(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "ENOENT" || code === "ENOTDIR";
}

function refusal(folder: string, why: string): ExitError {
  process.stderr.write(`Cannot watch "${folder}": ${why}\n`);
  return new ExitError(2);
}
