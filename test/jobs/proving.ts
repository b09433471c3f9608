// Asks for the proof of receipts of a sealed batch and verifies each as a stranger would, from the receipt file alone.

import { expect } from "chai";
import { fastKeccak } from "../../server/hashing.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import type { Details } from "../../server/protocol/details.ts";
import { encodeReceiptFile, type Seal } from "../../server/protocol/receipt-file.ts";
import { statementLeaf } from "../../server/protocol/statement.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { receiptsByIds, type StoredReceipt } from "../../server/store/receipts.ts";
import type { TestStore } from "../support/store.ts";

type Source = Pick<TestStore, "sql" | "ledger" | "proofs">;

export interface Proven {
  readonly receipt: StoredReceipt;
  readonly seal: Seal;
  readonly statementLeaf: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** Every receipt of a batch with its proof; fails unless each verifies to the batch's root and they fill their lines. */
export async function everyProof(store: Source, batch: bigint): Promise<Proven[]> {
  const ids = await store.sql<
    { id: Buffer }[]
  >`SELECT id FROM receipts WHERE batch = ${batch} ORDER BY line, kind, id`;
  const receipts = await receiptsByIds(
    store.sql,
    ids.map(({ id }) => id),
  );
  const [batchRow] = await store.sql`SELECT root FROM batches WHERE number = ${batch}`;
  const proven: Proven[] = [];
  for (const { id } of ids)
    proven.push(await prove(store, receipts.get(id.toString("hex"))!, toHex(batchRow?.root as Buffer)));
  for (const own of Map.groupBy(proven, ({ statementLeaf: leaf }) => leaf).values()) {
    let end = own[0]!.seal.statement.from;
    for (const one of own) {
      expect(one.start, "each begins where the one before ends").to.equal(end);
      end = one.end;
    }
    expect(end).to.equal(own[0]!.seal.statement.to);
  }
  return proven;
}

async function prove(store: Source, receipt: StoredReceipt, root: string): Promise<Proven> {
  const seal = await store.proofs.of(receipt);
  const file = encodeReceiptFile({
    ledger: { id: store.ledger.id, chainId: 31_337, contract: new Uint8Array(20).fill(1) },
    receipt: { ...receipt, acceptedAt: receipt.accepted_at, salt: receipt.salt! },
    details: JSON.parse(receipt.private!) as Details,
    seal,
    expected: null,
    promise: null,
  });
  const verification = verifyReceipt(JSON.parse(JSON.stringify(file)), { hash: fastKeccak });
  // With no contract at hand more cannot be said: nothing contradicts, up to the root.
  expect(verification.verdict, verification.reason ?? "").to.equal("unknown");
  expect(toHex(verification.root!)).to.equal(root);
  const { start, end } = verification.position!;
  const leaf = toHex(statementLeaf(store.ledger.id, seal!.statement));
  return { receipt, seal: seal!, statementLeaf: leaf, start, end };
}
