// Goes on from a receipt that was verified by itself to the contract that the visitor believes, at the endpoint that they read
// it at. Whatever does not answer leaves the receipt undecided, and says why.

import { messageOf, UnavailableError } from "../../errors.ts";
import type { Verification } from "../../protocol/verification.ts";
import { NOT_COMPARED, NOT_SEALED } from "../../protocol/verify.ts";
import { type Compared, compareWith, undecided } from "../../verifier/compare.ts";
import { type ContractReader, connect } from "../../verifier/contract-reader.ts";
import type { LedgerChoice } from "../ledger/choice.ts";

/** `host`: where the contract was read; null when nothing was. */
export type Reading = Compared & { readonly host: string | null };

/** Whether the contract has anything to say of it: a root to compare, or a promise to weigh. */
export const isComparable = ({ reason, promiser }: Verification): boolean =>
  reason === NOT_COMPARED || (reason === NOT_SEALED && promiser !== null);

export async function compareWithChoice(alone: Verification, choice: LedgerChoice | null): Promise<Reading> {
  try {
    return await readAndCompare(alone, choice);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const reason = error.code === "no-answer" && !navigator.onLine ? "no-connection" : error.code;
    return { verification: undecided(alone, "ledger", reason, error.message), host: null };
  }
}

async function readAndCompare(alone: Verification, choice: LedgerChoice | null): Promise<Reading> {
  if (choice === null) throw new UnavailableError("no-contract", "no contract was chosen", 0);
  if (choice.rpcUrls.length === 0) throw new UnavailableError("no-endpoint", "no endpoint was chosen", 0);
  const connections = await Promise.all(choice.rpcUrls.map(connectOrTell));
  const readers = connections.filter(isReader);
  const { reader, url } = startOf(connections, choice.chainId);
  const compared = await compareWith(
    { reader, contract: choice.contract },
    readers.map(({ reader }) => reader),
    alone,
  );
  return { ...compared, host: new URL(url).host };
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
