// Where the reading of the chosen contract begins: at the endpoint of its chain, among those that answer. Loads what reads a
// contract, so that a page that may not need it imports this file when it does.

import { messageOf, UnavailableError } from "../../errors.ts";
import { type ContractReader, connect } from "../../verifier/contract-reader.ts";
import type { Place } from "../../verifier/follow.ts";
import type { LedgerChoice } from "./choice.ts";

/** `readers`: all endpoints that answer, for a ledger that has moved. `host`: where `place` is read. */
export type Start = {
  readonly place: Place;
  readonly readers: readonly ContractReader[];
  readonly host: string;
};

/** A dead endpoint of another chain hinders nothing. @throws UnavailableError `no-contract`, `no-endpoint`, `no-answer`, `another-chain` */
export async function startAt(choice: LedgerChoice | null): Promise<Start> {
  if (choice === null) throw new UnavailableError("no-contract", "no contract was chosen", 0);
  if (choice.rpcUrls.length === 0) throw new UnavailableError("no-endpoint", "no endpoint was chosen", 0);
  const connections = await Promise.all(choice.rpcUrls.map(connectOrTell));
  const readers = connections.filter(isReader).map(({ reader }) => reader);
  const { reader, url } = startOf(connections, choice.chainId);
  return { place: { reader, contract: choice.contract }, readers, host: new URL(url).host };
}

type Connected = { readonly url: string; readonly reader: ContractReader };
/** A reader, or why there is none. */
type Connection = Connected | string;

const isReader = (connection: Connection): connection is Connected => typeof connection !== "string";

async function connectOrTell(url: string): Promise<Connection> {
  try {
    return { url, reader: await connect(url) };
  } catch (error) {
    if (error instanceof UnavailableError) return messageOf(error);
    throw error;
  }
}

/** The endpoint of the contract's chain; the first, where the visitor has named no chain. */
function startOf(connections: readonly Connection[], chainId: number | null): Connected {
  const [first] = connections;
  if (chainId === null && first !== undefined && isReader(first)) return first;
  const fitting = connections.filter(isReader).find(({ reader }) => reader.chainId === chainId);
  if (fitting !== undefined) return fitting;
  const silent = connections.find((each) => !isReader(each));
  if (silent !== undefined) throw new UnavailableError("no-answer", `${silent}`, 0);
  throw new UnavailableError("another-chain", `no endpoint is of chain ${chainId}`, 0);
}
