import { cancellationIn } from "../cancellation-in.js";
import type { Connection } from "./connection.js";
import type { Server } from "./server.js";
import type { StreamReader } from "./stream-reader.js";
import type { StreamWriter } from "./stream-writer.js";

/** What is done with a connection: an async function, which is run as a task; or a plain one, which is called. */
export type ConnectionHandler = (reader: StreamReader, writer: StreamWriter) => unknown;

/** Runs the handler of a connection, and sees to the end of both. */
export function serveConnection(
  connection: Connection,
  writer: StreamWriter,
  server: Server,
  handler: ConnectionHandler,
): void {
  const { loop, reader, peer } = connection;
  server.add(writer);
  connection.whenClosed(() => server.delete(writer));
  if (loop.isClosed()) {
    writer.abort();
    return;
  }
  let isAsync = false;
  const task = loop.createTask((): PromiseLike<unknown> => {
    const returned = handler(reader, writer);
    isAsync = typeof (returned as { readonly then?: unknown } | undefined)?.then === "function";
    return returned as PromiseLike<unknown>;
  });
  task.name = `${handler.name || "handler"} of ${peer}`;
  task.addDoneCallback(() => {
    if (task.cancelled()) {
      writer.close();
      return;
    }
    const exception = task.exception();
    if (exception === undefined && !isAsync) return;
    writer.close();
    if (exception === undefined || cancellationIn(exception) !== undefined) return;
    loop.callExceptionHandler({ message: `${task.describe()} failed`, exception, task });
  });
}
