// TCP ports of this machine's loopback address: finding a free one, and asking whether somebody listens.
// Nothing is reserved: between the answer and its use another process may take the port, so callers retry.

import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

export const LOOPBACK = "127.0.0.1";

const CONNECT_TIMEOUT_MS = 1_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await bindBriefly(0);
}

/** Binds `port` (0: any) and lets go of it at once; gives the port. Throws the system's error when it is taken. */
export async function bindBriefly(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  server.close();
  await once(server, "close");
  return bound;
}

/** Whether somebody accepts connections on `port`. */
export async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: LOOPBACK, timeout: CONNECT_TIMEOUT_MS });
  try {
    return await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("timeout", () => resolve(false));
      socket.once("error", () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
