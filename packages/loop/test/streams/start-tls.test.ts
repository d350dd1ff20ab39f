import { createConnection } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openConnection } from "../../src/streams/open-connection.js";
import { localhost } from "./localhost-certificate.js";
import { withServer } from "./stream-pair.js";

test("data may follow the handshake at once, from both sides", () =>
  withServer(
    async (reader, writer) => {
      await writer.startTls(localhost);
      writer.write("from the server\n");
      writer.write(await reader.readline());
      await writer.drain();
    },
    async (port) => {
      const [reader, writer] = await openConnection("127.0.0.1", port);
      await writer.startTls({ ca: localhost.cert, servername: "localhost" });
      writer.write("from the client\n");
      expect(String(await reader.readline())).toBe("from the server\n");
      expect(String(await reader.readline())).toBe("from the client\n");
      writer.close();
      await writer.waitClosed();
    },
  ));

test("a client that does not speak TLS fails the handshake of the server, which closes", async () => {
  const failures: unknown[] = [];
  await withServer(
    async (reader, writer) => {
      await writer.startTls(localhost).catch((error: unknown) => failures.push(error));
      failures.push(await reader.read().catch(() => "nothing to read"));
    },
    async (port) => {
      const client = createConnection(port, "127.0.0.1");
      client.end("this is not TLS at all\n");
      client.resume();
      await once(client, "close");
    },
  );
  expect((failures[0] as { code: string }).code).toMatch(/^ERR_SSL/u);
  expect(failures[1]).toBe("nothing to read");
});
