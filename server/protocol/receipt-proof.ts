// What a receipt's id alone opens, `amanah-receipt-proof/1`: leaf, amount and the way up to the batch's root, without the salt and
// the details that the leaf is hashed from. So it shows where a leaf lies, and not whose receipt it is.

import { parseAmount } from "./amounts.ts";
import { WORD_BYTES, ZERO32 } from "./bytes.ts";
import * as read from "./fields.ts";
import { type Hash, keccak } from "./hash.ts";
import { ID_BYTES } from "./ids.ts";
import { checkKind, checkReceipt, type Receipt } from "./receipt.ts";
import { checkFormat, type OpenedReceipt, parsePlace } from "./receipt-file.ts";
import { NOT_SEALED } from "./testimony.ts";
import { Trail } from "./trail.ts";
import { conclude, type Findings, NOTHING_FOUND, type Verification } from "./verification.ts";
import { followSeal, NOT_COMPARED } from "./verify.ts";
import * as say from "./wording.ts";

export const PROOF_FORMAT = "amanah-receipt-proof/1";

/** A proof in memory: what only the receipt's key opens stands empty. */
export type OpenedProof = { readonly file: OpenedReceipt; readonly leaf: Uint8Array };

/**
 * Reads parsed JSON as a proof.
 * @throws InputError that names the path, what was wanted and what came, with the codes of `parseReceiptFile`
 */
export function parseReceiptProof(json: unknown): OpenedProof {
  const fields = read.fieldsOf(json, "");
  checkFormat(fields, PROOF_FORMAT);
  const receipt = parseKnown(fields);
  const file = { ...parsePlace(fields), receipt, details: null, promise: null };
  return { file, leaf: read.hexAt(fields, "leaf", WORD_BYTES) };
}

function parseKnown(fields: read.Fields): Receipt {
  const kind = read.smallNumberAt(fields, "kind");
  checkKind(kind);
  const receipt = {
    id: read.hexAt(fields, "id", ID_BYTES),
    charity: read.hexAt(fields, "charity", WORD_BYTES),
    unit: read.tagAt(fields, "unit"),
    kind,
    amount: parseAmount(read.member(fields, "amount"), "amount"),
    ...UNKNOWN,
  };
  checkReceipt(receipt);
  return receipt;
}

const UNKNOWN = { acceptedAt: 0n, terms: ZERO32, details: ZERO32, salt: ZERO32 };

/** Why the leaf of a proof is a claim. */
export const LEAF_CLAIMED = "leaf-claimed";

/**
 * Verifies a proof from its leaf up to the root of its batch, as `verifyReceipt` does a file from its content: the leaf is what
 * its giver says, so a valid proof says that this leaf lies there with this amount, and nothing of whose it is.
 */
export function verifyReceiptProof(json: unknown, { hash = keccak }: { hash?: Hash } = {}): Verification {
  const trail = new Trail();
  const found: Findings = { ...NOTHING_FOUND };
  trail.walk(() => {
    const { file, leaf } = trail.take("format", () => parseReceiptProof(json), sayProof);
    [found.file, found.leaf] = [file, leaf];
    trail.skip("leaf", LEAF_CLAIMED, SAY_CLAIMED);
    if (file.seal === null) return trail.stop("sealed", NOT_SEALED, say.sayNotSealed(file));
    found.batch = file.seal.batch;
    found.root = followSeal(trail, file, file.seal, leaf, found, hash);
  });
  return conclude(trail, found, NOT_COMPARED);
}

const sayProof = ({ file: { receipt } }: OpenedProof): string =>
  `the place of a receipt over ${receipt.amount} smallest units of ${receipt.unit}, without what it was made from`;

const SAY_CLAIMED =
  "the leaf is what its giver says: only the receipt's file, which its key opens, shows that it is made from your purchase";
