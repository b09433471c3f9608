// A wire to the database that can be cut at a chosen moment: everything passes through until it is told otherwise.

import { createServer, connect as dial, type Socket } from "node:net";

export interface Wire {
  /** The database's address by way of the wire. */
  readonly url: string;
  /** Ends all connections and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Cuts at the next COMMIT: before it reaches the server, or after the server has done it and before its answer passes. */
  cutAtCommit(when: "before" | "after"): void;
  close(): Promise<void>;
}

/** A simple query `commit`, as PostgreSQL's protocol has it. */
const COMMIT = Buffer.from("commit\0");

export async function wireTo(databaseUrl: string): Promise<Wire> {
  const target = new URL(databaseUrl);
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
    const upstream = dial(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    let swallow = false;
    for (const end of pair) {
      end.setNoDelay(true);
      end.on("error", () => {});
      end.on("close", () => pair.forEach((each) => void each.destroy()));
    }
    client.on("data", (data) => {
      if (atCommit === undefined || !data.includes(COMMIT)) return void upstream.write(data);
      const when = atCommit;
      atCommit = undefined;
      if (when === "before") return cut();
      swallow = true;
      upstream.write(data);
    });
    upstream.on("data", (data) => (swallow ? cut() : void client.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  target.port = String((server.address() as { port: number }).port);
  return {
    url: target.href,
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
