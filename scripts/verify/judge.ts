// Judges receipt files: each by itself, then against the contract that the reader chose, then reversals against the gifts
// that they name. Nothing is printed here.

import { createReadStream } from "node:fs";
import type { Hex } from "viem";
import { InputError, messageOf, UnavailableError } from "../../server/errors.ts";
import { concat, toHex } from "../../server/protocol/bytes.ts";
import { REVERSAL } from "../../server/protocol/receipt.ts";
import { compareWithGift, isReversalOf } from "../../server/protocol/reversals.ts";
import type { Witness } from "../../server/protocol/testimony.ts";
import { type StepName, Trail } from "../../server/protocol/trail.ts";
import { conclude, NOTHING_FOUND } from "../../server/protocol/verification.ts";
import {
  compareWithLedger,
  type Line,
  NOT_COMPARED,
  type Verification,
  verifyReceipt,
} from "../../server/protocol/verify.ts";
import { type ContractReader, connect } from "./contract-reader.ts";
import type { Pins } from "./pins.ts";

/** A receipt file takes a few kilobytes; nothing larger is read. */
const MAX_FILE_BYTES = 1 << 20;

/** The contract is the reader's choice: named on the command line, or pinned for the file's ledger; and so are the books. */
export type Choice = { rpc: string | null; contract: Hex | null; pins: Pins; witness: Witness | null };

export type ChosenContract = { address: Hex; chainId: number; by: "command line" | "pin" };

/** What was found on one file; contract and line as far as they were read, `reversals` the files that name this gift. */
export type Judged = {
  path: string;
  verification: Verification;
  contract: ChosenContract | null;
  line: Line | null;
  reversals: Judged[];
};

export async function judgeFiles(paths: readonly string[], choice: Choice): Promise<Judged[]> {
  const reader = choice.rpc === null ? null : await connectOrTell(choice.rpc);
  const judged: Judged[] = [];
  for (const path of paths) {
    const alone = await verifyFile(path, choice.witness);
    judged.push({
      path,
      contract: null,
      line: null,
      reversals: [],
      ...(await compare(alone, choice, reader)),
    });
  }
  return judgeReversals(judged);
}

type Compared = Pick<Judged, "verification"> & Partial<Judged>;

async function verifyFile(path: string, witness: Witness | null): Promise<Verification> {
  const bytes = await readBytes(path).catch((error: unknown) => messageOf(error));
  if (bytes instanceof Uint8Array) return verifyText(bytes, witness);
  return undecided(NOTHING_READ, "format", "not-readable", `the file cannot be read: ${bytes}`);
}

const NOTHING_READ: Verification = conclude(new Trail(), NOTHING_FOUND, null);

/** At most one byte more than is allowed, so that the size is judged without reading what is too large. */
async function readBytes(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of createReadStream(path, { end: MAX_FILE_BYTES })) chunks.push(chunk);
  return concat(...chunks);
}

function verifyText(text: Uint8Array, witness: Witness | null): Verification {
  const trail = new Trail();
  let verification: Verification | null = null;
  trail.walk(() => {
    verification = verifyReceipt(
      trail.take(
        "format",
        () => parseText(text),
        () => "the file is JSON",
      ),
      { witness },
    );
  });
  return verification ?? conclude(trail, NOTHING_FOUND, null);
}

function parseText(text: Uint8Array): unknown {
  if (text.length > MAX_FILE_BYTES) {
    throw new InputError(
      "too-large",
      `a receipt file has at most ${MAX_FILE_BYTES} bytes; this one has more`,
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (error) {
    throw new InputError("not-json", `the file is not JSON: ${messageOf(error)}`);
  }
}

/** A client, or the reason why there is none. */
async function connectOrTell(rpc: string): Promise<ContractReader | string> {
  try {
    return await connect(rpc);
  } catch (error) {
    if (error instanceof UnavailableError) return error.message;
    throw error;
  }
}

async function compare(
  alone: Verification,
  choice: Choice,
  reader: ContractReader | string | null,
): Promise<Compared> {
  const { file, batch, position } = alone;
  if (alone.reason !== NOT_COMPARED || file === null || batch === null || position === null)
    return { verification: alone };
  const cannotTell = (reason: string, says: string) => ({
    verification: undecided(alone, "ledger", reason, says),
  });
  if (reader === null) return cannotTell("no-endpoint", SAY_NO_ENDPOINT);
  if (typeof reader === "string") return cannotTell("no-answer", reader);
  const contract = chooseContract(toHex(file.ledger.id), choice, reader);
  if (contract === null) return cannotTell("no-contract", sayNoContract(toHex(file.ledger.contract)));
  if (contract.chainId !== reader.chainId)
    return cannotTell("another-chain", sayAnotherChain(contract, reader));
  try {
    const reading = await reader.read(contract.address, batch, position);
    return { verification: compareWithLedger(alone, reading), contract, line: reading.line };
  } catch (error) {
    if (error instanceof UnavailableError) return { ...cannotTell(error.code, error.message), contract };
    throw error;
  }
}

function chooseContract(
  ledger: Hex,
  { contract, pins }: Choice,
  { chainId }: ContractReader,
): ChosenContract | null {
  if (contract !== null) return { address: contract, chainId, by: "command line" };
  const pin = pins[ledger];
  return pin === undefined ? null : { address: pin.contract, chainId: pin.chainId, by: "pin" };
}

const SAY_NO_ENDPOINT =
  "whether the contract keeps this root cannot be told without an endpoint: pass --rpc URL, any endpoint of its chain";

function sayNoContract(named: Hex): string {
  const hint = `the file names ${named}; pass --contract ${named} if you have it from another source too`;
  return `no contract was chosen, and the file's own word proves nothing: ${hint}`;
}

function sayAnotherChain({ chainId }: ChosenContract, reader: ContractReader): string {
  return `the pinned contract is on chain ${chainId}, this endpoint is of chain ${reader.chainId}`;
}

/** The verification with one step more, at which nothing could be told. */
function undecided(verification: Verification, step: StepName, reason: string, says: string): Verification {
  const trail = new Trail(verification.steps);
  trail.walk(() => trail.stop(step, reason, says));
  return conclude(trail, verification, null);
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
