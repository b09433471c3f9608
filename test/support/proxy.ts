// A wire to the database that can be cut at a chosen moment: everything passes through until it is told otherwise.

import { createServer, connect as dial, type Socket } from "node:net";

export interface Wire {
  /** The database's address by way of the wire. */
  readonly url: string;
  /** Ends all connections and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /**
   * Cuts at the next write: before it reaches the server (told by its text, so on connections that have not written
   * yet), or after the server has done it and before its answer passes.
   */
  cutAtCommit(when: "before" | "after"): void;
  close(): Promise<void>;
}

/**
 * The statement that writes, as our driver sends it for the first time on a connection, and its completion as the server
 * reports it, with its one row, once it has committed.
 */
const COMMIT = { before: Buffer.from("record_events("), after: Buffer.from("SELECT 1\0") } as const;

export async function wireTo(databaseUrl: string): Promise<Wire> {
  const url = new URL(databaseUrl);
  const [host, port] = [url.hostname, Number(url.port)];
  const pairs = new Set<readonly [Socket, Socket]>();
  let broken = false;
  let atCommit: "before" | "after" | undefined;

  const cut = () => {
    broken = true;
    for (const pair of pairs) for (const end of pair) end.destroy();
    pairs.clear();
  };
  const server = createServer((client) => {
    if (broken) return void client.destroy();
    const upstream = dial(port, host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const end of pair) {
      end.setNoDelay(true);
      end.on("error", () => {});
      end.on("close", () => pair.forEach((each) => void each.destroy()));
    }
    const pass = (to: Socket, moment: "before" | "after") => (data: Buffer) => {
      if (atCommit !== moment || !data.includes(COMMIT[moment])) return void to.write(data);
      atCommit = undefined;
      cut();
    };
    client.on("data", pass(upstream, "before"));
    upstream.on("data", pass(client, "after"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    cut,
    mend: () => {
      broken = false;
    },
    cutAtCommit: (when) => {
      atCommit = when;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
