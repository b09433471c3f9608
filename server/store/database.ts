// The connection to PostgreSQL, and what its failures mean to callers. All SQL of the service is in this folder.

import { createConnection, type Socket, type TcpNetConnectOpts } from "node:net";
import postgres from "postgres";
import { endingWithConnection } from "./lost-transactions.ts";

const options = {
  types: { bigint: postgres.BigInt },
  // Asking for the array types is a query that nobody awaits: a connection lost meanwhile would end the process. Arrays are
  // passed as literals instead, with a cast.
  fetch_types: false,
  onnotice: () => {},
  connect_timeout: 10,
  // Seconds until a lost connection is tried again. Left to itself the driver waits up to 20 s, and requests with it.
  backoff: (retries: number) => Math.min(2 ** retries / 100, 1),
  // Two of the service's promises rest on these, whatever the server's defaults: a closed batch is complete, and what is
  // acknowledged is durable.
  connection: {
    application_name: "amanah",
    statement_timeout: 0,
    default_transaction_isolation: "read committed",
    synchronous_commit: "on",
  },
} as const;

/**
 * A connection that sends what is written at once. Left to itself the system holds small packets back until earlier ones
 * are confirmed, which costs every COPY 40 ms. The driver has no setting for it, but takes a socket; several hosts are
 * tried in turn.
 */
function promptSocket() {
  let attempt = 0;
  return ({ host, port, path }: Where): Socket => {
    const at = attempt++ % host.length;
    return path
      ? createConnection({ path })
      : createConnection({ host: host[at], port: port[at], noDelay: true } as TcpNetConnectOpts);
  };
}

type Where = { readonly host: string[]; readonly port: number[]; readonly path?: string | false };

const open = (url: string, most: number) =>
  endingWithConnection(
    postgres(url, { ...options, max: most, socket: promptSocket() } as typeof options & { max: number }),
  );

/** A pool of connections. 64-bit integers arrive as `bigint`, bytes as `Buffer`, numerics as strings. */
export type Database = ReturnType<typeof open>;

/** One transaction of a pool, or the pool itself. */
export type Queries = postgres.ISql<{ bigint: bigint }>;
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>;

export const connect = (url: string, mostConnections: number): Database => open(url, mostConnections);

/** One connection beside the pool, for as long as it is not ended; `onClose` hears of its end, whoever ended it. */
export const connectAlone = (sql: Database, onClose: () => void): Database =>
  postgres({ ...sql.options, ...ALONE, onclose: onClose } as unknown as postgres.Options<Types>);

const ALONE = { max: 1, max_lifetime: null, idle_timeout: null, fetch_types: false } as const;
type Types = { bigint: postgres.PostgresType<bigint> };

/** Whether the database could not be reached or was going down: the same request may succeed later. */
export function isUnavailable(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null)?.code;
  return (
    typeof code === "string" && /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|57P0|53|08)/.test(code)
  );
}

/** Whether the database cannot hold a text: it has no place for the character NUL. */
export const isUnstorable = (thrown: unknown): boolean =>
  (thrown as { code?: unknown } | null)?.code === "22021";

/** `rows[0]` of a query that always answers. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("a query that always answers gave no row");
  return row;
}

// Array literals by hand: the driver's own serialiser takes several times as long for a thousand rows.
/** A `bytea[]` parameter, to be cast as such. */
export const byteaArray = (list: readonly Uint8Array[]) =>
  `{${list.map((bytes) => `"\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}"`).join()}}`;

/** A `text[]` parameter, to be cast as such. */
export const textArray = (list: readonly string[]) =>
  `{${list.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join()}}`;
