// Judges receipt files: each by itself, then against the contract that the reader chose, then reversals against the gifts
// that they name. Nothing is printed here.

import { createReadStream } from "node:fs";
import type { Hex } from "viem";
import { messageOf, UnavailableError } from "../../server/errors.ts";
import { concat, toHex } from "../../server/protocol/bytes.ts";
import { REVERSAL } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { compareWithGift, isReversalOf } from "../../server/protocol/reversals.ts";
import type { Witness } from "../../server/protocol/testimony.ts";
import { Trail } from "../../server/protocol/trail.ts";
import { conclude, NOTHING_FOUND } from "../../server/protocol/verification.ts";
import {
  type Line,
  NOT_COMPARED,
  NOT_SEALED,
  type Successor,
  type Verification,
} from "../../server/protocol/verify.ts";
import { type Compared, compareWith, undecided } from "../../server/verifier/compare.ts";
import { type ContractReader, connect } from "../../server/verifier/contract-reader.ts";
import type { Place } from "../../server/verifier/follow.ts";
import { MAX_FILE_BYTES, verifyText } from "../../server/verifier/verify-text.ts";
import { type Alone, certificateIn, verifyCertificate } from "./certificate.ts";
import type { Pins } from "./pins.ts";

/**
 * The contract is the reader's choice: named on the command line, on the chain of the first endpoint, or pinned for the file's
 * ledger; and so are the books. Further endpoints are of chains to which the ledger has moved.
 */
export type Choice = {
  rpc: readonly string[];
  contract: Hex | null;
  pins: Pins;
  witness: Witness | null;
  /** Whose certificates are believed, a did:key. */
  issuer: string | null;
};

export type ChosenContract = { address: Hex; chainId: number; by: "command line" | "pin" };

/** What was found on one file; contract and line as far as they were read, `reversals` the files that name this gift. */
export type Judged = {
  path: string;
  verification: Verification;
  contract: ChosenContract | null;
  line: Line | null;
  /** Where the chosen contract says that the ledger has moved, in the order of the moves. */
  successors: readonly Successor[];
  reversals: Judged[];
};

export async function judgeFiles(paths: readonly string[], choice: Choice): Promise<Judged[]> {
  const endpoints = await Promise.all(choice.rpc.map(connectOrTell));
  const judged: Judged[] = [];
  for (const path of paths)
    for (const { path: name, verification } of await verifyFile(path, choice))
      judged.push({
        path: name,
        contract: null,
        line: null,
        successors: [],
        reversals: [],
        ...(await compare(verification, choice, endpoints)),
      });
  return judgeReversals(judged);
}

type Met = Compared & Partial<Judged>;

/** One verification for a receipt file; for a certificate its own, and one for each of its receipts. */
async function verifyFile(path: string, { witness, issuer }: Choice): Promise<Alone[]> {
  const bytes = await readBytes(path).catch((error: unknown) => messageOf(error));
  if (!(bytes instanceof Uint8Array)) {
    const says = `the file cannot be read: ${bytes}`;
    return [{ path, verification: undecided(NOTHING_READ, "format", "not-readable", says) }];
  }
  const certificate = certificateIn(bytes);
  if (certificate !== null) return verifyCertificate(path, certificate, issuer);
  return [{ path, verification: verifyText(bytes, witness) }];
}

const NOTHING_READ: Verification = conclude(new Trail(), NOTHING_FOUND, null);

/** At most one byte more than is allowed, so that the size is judged without reading what is too large. */
async function readBytes(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path, { end: MAX_FILE_BYTES })) chunks.push(chunk);
  return concat(...chunks);
}

async function connectOrTell(rpc: string): Promise<Connection> {
  try {
    return await connect(rpc);
  } catch (error) {
    if (error instanceof UnavailableError) return error.message;
    throw error;
  }
}

/** A reader, or the reason why there is none. */
type Connection = ContractReader | string;

async function compare(alone: Verification, choice: Choice, endpoints: readonly Connection[]): Promise<Met> {
  const { file, promiser, reason } = alone;
  // Without any endpoint a file that is not sealed says enough by itself.
  const isPromised = reason === NOT_SEALED && promiser !== null && endpoints.length > 0;
  if (file === null || (reason !== NOT_COMPARED && !isPromised)) return { verification: alone };
  let contract: ChosenContract | null = null;
  try {
    const readers = readersOf(endpoints);
    contract = chooseContract(file, choice, endpoints);
    return { contract, ...(await compareWith(placeOf(contract, endpoints), readers, alone)) };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { verification: undecided(alone, "ledger", error.code, error.message), contract };
  }
}

const readersOf = (endpoints: readonly Connection[]): ContractReader[] =>
  endpoints.filter((each) => typeof each !== "string");

/** @throws UnavailableError `no-endpoint`, `no-answer`, `no-contract` */
function chooseContract(
  { ledger }: OpenedReceipt,
  { contract, pins }: Choice,
  [first]: readonly Connection[],
): ChosenContract {
  if (first === undefined) throw new UnavailableError("no-endpoint", SAY_NO_ENDPOINT, 0);
  const pin = pins[toHex(ledger.id)];
  if (contract === null && pin !== undefined)
    return { address: pin.contract, chainId: pin.chainId, by: "pin" };
  if (typeof first === "string") throw new UnavailableError("no-answer", first, 0);
  if (contract === null) throw new UnavailableError("no-contract", sayNoContract(toHex(ledger.contract)), 0);
  return { address: contract, chainId: first.chainId, by: "command line" };
}

/** @throws UnavailableError `another-chain`, or `no-answer` when an endpoint that gave none may be the one that is wanted */
function placeOf({ address, chainId }: ChosenContract, endpoints: readonly Connection[]): Place {
  const readers = readersOf(endpoints);
  const reader = readers.find((each) => each.chainId === chainId);
  if (reader !== undefined) return { reader, contract: address };
  const silent = endpoints.find((each) => typeof each === "string");
  if (silent !== undefined) throw new UnavailableError("no-answer", silent, 0);
  const chains = readers.map((each) => each.chainId).join(" and ");
  throw new UnavailableError("another-chain", sayAnotherChain(chainId, chains), 0);
}

const SAY_NO_ENDPOINT =
  "whether the contract keeps this root cannot be told without an endpoint: pass --rpc URL, any endpoint of its chain";

function sayNoContract(named: Hex): string {
  const hint = `the file names ${named}; pass --contract ${named} if you have it from another source too`;
  return `no contract was chosen, and the file's own word proves nothing: ${hint}`;
}

function sayAnotherChain(pinned: number, chains: string): string {
  return `the pinned contract is on chain ${pinned}, this endpoint is of chain ${chains}`;
}

/** Only where the file of the gift is among those given; a reversal that failed by itself takes nothing back. */
function judgeReversals(judged: Judged[]): Judged[] {
  const sound = judged.filter(({ verification }) => verification.verdict !== "invalid");
  const reversals = sound.filter(({ verification }) => verification.file?.receipt.kind === REVERSAL);
  for (const gift of sound) {
    gift.reversals = reversals.filter(({ verification }) => isReversalOf(verification, gift.verification));
    const all = gift.reversals.map(({ verification }) => verification);
    for (const each of gift.reversals)
      each.verification = compareWithGift(each.verification, gift.verification, all);
  }
  return judged;
}
