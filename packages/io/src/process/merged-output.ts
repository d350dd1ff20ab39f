// One pipe for output and error output together. Node makes a pipe of its own for each, and neither can be opened a second time,
// so this one is made by connecting to ourselves, at a place where nobody else can.
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** The two ends of a pipe. */
export interface PipeEnds {
  /** Ours, to read from. */
  readonly near: Socket;
  /** The child's, to be destroyed here when the child has it. */
  readonly far: Socket;
}

/** Makes a pipe. @throws the system's error; nothing is left open then */
export async function openPipeEnds(): Promise<PipeEnds> {
  const folder = await mkdtemp(path.join(tmpdir(), "trestle-"));
  try {
    return await connectAt(path.join(folder, "pipe"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function connectAt(place: string): Promise<PipeEnds> {
  const server = createServer({ pauseOnConnect: true });
  let far: Socket | undefined;
  try {
    const near = await new Promise<Socket>((resolve, reject) => {
      server.on("error", reject);
      server.on("connection", resolve);
      server.listen(place, () => {
        far = connect({ path: place, allowHalfOpen: true });
        far.on("error", reject);
      });
    });
    return { near, far: far as unknown as Socket };
  } catch (error) {
    far?.destroy();
    throw error;
  } finally {
    server.close();
  }
}
