// The receipt files that somebody holds. One that no honest ledger could have made is refused by every reader, and yet may
// convict: its statement is looked at by itself then, with whatever figures it has.

import { InputError } from "../../server/errors.ts";
import { MAX_BATCH_PROOF_LENGTH } from "../../server/protocol/batch-proof.ts";
import { fromHex, type Hex, toHex, WORD_BYTES } from "../../server/protocol/bytes.ts";
import type { Evidence } from "../../server/protocol/evidence.ts";
import { isMalformed } from "../../server/protocol/faults.ts";
import * as read from "../../server/protocol/fields.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { readReceiptFile, readText } from "../chain/receipt-file.ts";
import { pathFrom } from "../charity/paths.ts";

/** `file` is null of one that is no receipt file but for its statement, which `evidence` is made of. */
export type Held = {
  readonly ledger: Hex;
  readonly file: OpenedReceipt | null;
  readonly evidence: Evidence | null;
};

/** @throws InputError `not-a-receipt` */
export async function readHeld(path: string): Promise<Held> {
  try {
    const file = await readReceiptFile(path);
    return { ledger: toHex(file.ledger.id), file, evidence: null };
  } catch (refused) {
    const held = refused instanceof InputError ? await malformedIn(path) : null;
    if (held === null) throw refused;
    return held;
  }
}

async function malformedIn(path: string): Promise<Held | null> {
  try {
    const file = read.fieldsOf(JSON.parse(await readText(pathFrom(path))), "");
    const ledger = toHex(read.hexAt(read.objectAt(file, "ledger"), "id", WORD_BYTES));
    const evidence = evidenceOf(file);
    return evidence && { ledger, file: null, evidence };
  } catch {
    // What is wrong with it is told by the reader that refused it first.
    return null;
  }
}

function evidenceOf(file: read.Fields): Evidence | null {
  const fields = read.objectAt(file, "statement");
  const charity = read.hexAt(fields, "charity", WORD_BYTES);
  const receiptsRoot = read.hexAt(fields, "receiptsRoot", WORD_BYTES);
  const [unit, kind] = [read.tagAt(fields, "unit"), kindAt(fields)];
  const [batch, from, to] = [figureAt(fields, "batch"), figureAt(fields, "from"), figureAt(fields, "to")];
  const [previous, receipts] = [figureAt(fields, "previous"), figureAt(fields, "receipts")];
  if (!isMalformed({ batch, charity, unit, kind, from, to, previous, receipts, receiptsRoot })) return null;
  const proof = read.listAt(file, "statementProof", MAX_BATCH_PROOF_LENGTH, (hash, at) =>
    toHex(fromHex(hash as string, WORD_BYTES, at)),
  );
  const hashes = { charity: toHex(charity), receiptsRoot: toHex(receiptsRoot) };
  const figures = { batch: `${batch}`, from: `${from}`, to: `${to}`, previous: `${previous}` };
  return {
    fault: "malformed",
    first: { statement: { ...hashes, ...figures, unit, kind, receipts: `${receipts}` }, proof },
  };
}

/** Any unsigned integer of 64 bits: the contract reads it, whether an honest ledger could have it or not. */
function figureAt(fields: read.Fields, name: string): bigint {
  const value = read.member(fields, name);
  if (typeof value === "string" && /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n)
    return BigInt(value);
  throw new InputError("out-of-range", `${name}: wanted an integer of 64 bits`);
}

/** Any of 8 bits, likewise. */
function kindAt(fields: read.Fields): 0 | 1 {
  const kind = read.smallNumberAt(fields, "kind");
  if (kind <= 255) return kind as 0 | 1;
  throw new InputError("out-of-range", "kind: wanted an integer of 8 bits");
}
