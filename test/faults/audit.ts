// Looks through everything that a service has left in its database and compares it with what a client was told.

import { expect } from "chai";
import { promiserAccount } from "../../server/chain/accounts.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { rootFromProof } from "../../server/protocol/batch-proof.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { fieldsOf } from "../../server/protocol/fields.ts";
import { promiseLeaf, promiserOf, type ReceiptPromise } from "../../server/protocol/promise.ts";
import { parsePromise } from "../../server/protocol/promise-file.ts";
import type { Database } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { receiptOfPromise } from "../../server/store/promises.ts";
import { Proofs } from "../../server/store/proofs.ts";
import { rootByOthers } from "../jobs/by-others.ts";
import { everyProof } from "../jobs/proving.ts";
import type { Customer } from "./customer.ts";

/** Exactly what was acknowledged is there: nothing missing, nothing doubled, nothing besides. */
export async function auditReceipts(sql: Database, customer: Customer): Promise<number> {
  const rows = await sql<
    { id: Buffer; amount: bigint; kind: number }[]
  >`SELECT id, amount, kind FROM receipts`;
  const there = rows.map(({ id, amount, kind }) => `${toHex(id)} ${amount} ${kind}`).sort();
  const told = [...customer.acknowledged.values()]
    .flat()
    .map(({ id, amount, kind }) => `${id} ${amount} ${kind}`)
    .sort();
  expect(new Set(there).size, "nothing is doubled").to.equal(there.length);
  const [kept, known] = [new Set(there), new Set(told)];
  expect(
    told.filter((one) => !kept.has(one)),
    "acknowledged and missing",
  ).to.deep.equal([]);
  expect(
    there.filter((one) => !known.has(one)),
    "there and never acknowledged",
  ).to.deep.equal([]);
  const [events] = await sql`SELECT count(*) FROM events`;
  expect(events?.count).to.equal(BigInt(customer.acknowledged.size));
  return there.length;
}

/** Every promise that was ever told is one that the promiser has signed and the store has kept, of the receipt told with it. */
export async function auditPromises(sql: Database, { acknowledged }: Customer): Promise<number> {
  const { id: ledger } = await openLedger(sql);
  const receipts = [...acknowledged.values()].flat();
  const signers = new Signers(ledger);
  for (let from = 0; from < receipts.length; from += LOOKED_UP_AT_ONCE) {
    const some = receipts.slice(from, from + LOOKED_UP_AT_ONCE);
    await Promise.all(some.map((receipt) => auditPromise(sql, ledger, signers, receipt)));
  }
  return receipts.length;
}

const LOOKED_UP_AT_ONCE = 50;
const PROMISER = promiserAccount({ demonstration: true, PROMISE_KEY: undefined })?.address.toLowerCase();

async function auditPromise(
  sql: Database,
  ledger: Uint8Array,
  signers: Signers,
  { id, amount, kind, promise: file }: Told,
): Promise<void> {
  const promise = parsePromise(fieldsOf(file, "promise"));
  const leaf = promiseLeaf(ledger, promise, fastKeccak);
  expect([file.amount, file.kind]).to.deep.equal([amount, kind]);
  expect(signers.of(promise, leaf)).to.equal(PROMISER);
  const kept = await receiptOfPromise(sql, promise.deadline, leaf);
  expect(kept && toHex(kept)).to.equal(id);
}

type Told =
  Customer["acknowledged"] extends ReadonlyMap<string, readonly (infer Receipt)[]> ? Receipt : never;

/** Who signed: many promises share a signature, and to find its account takes longer than all else. */
class Signers {
  readonly #ledger: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(ledger: Uint8Array) {
    this.#ledger = ledger;
  }

  of(promise: ReceiptPromise, leaf: Uint8Array): string {
    const root = rootFromProof(leaf, promise.path, fastKeccak);
    const signed = `${toHex(promise.signature)} ${toHex(root)} ${promise.deadline}`;
    const account = this.#known.get(signed) ?? promiserOf(this.#ledger, promise, fastKeccak);
    this.#known.set(signed, account);
    return account;
  }
}

/** No gift is reversed beyond its amount, and every reversal is noted with the gift that it names. */
export async function auditRefunds(sql: Database): Promise<void> {
  const beyond = await sql`
    SELECT gift FROM reversals JOIN receipts AS gifts ON gifts.id = gift
    GROUP BY gift, gifts.amount HAVING sum(reversals.amount) > gifts.amount`;
  expect(beyond).to.have.length(0);
  const loose = await sql`
    SELECT receipts.id FROM receipts LEFT JOIN reversals ON reversal = receipts.id
    WHERE kind = 1 AND (reversal IS NULL OR reversals.amount <> receipts.amount)`;
  expect(loose).to.have.length(0);
}

/** Every batch is sealed in order, to the root that other libraries compute; its proofs verify; lines have no gap. */
export async function auditBatches(sql: Database): Promise<number> {
  const ledger = await openLedger(sql);
  const store = { sql, ledger, proofs: new Proofs(sql, fastKeccak) };
  const batches = await sql<{ number: bigint; root: Buffer | null; receipts: bigint }[]>`
    SELECT number, root, receipts FROM batches ORDER BY number`;
  expect(batches.map(({ number }) => number)).to.deep.equal(batches.map((_, at) => BigInt(at + 1)));
  for (const { number, root, receipts } of batches) {
    expect(root && toHex(root), `batch ${number}`).to.equal(await rootByOthers(sql, ledger.id, number));
    expect((await everyProof(store, number)).length).to.equal(Number(receipts));
  }
  const gaps = await sql`
    SELECT batch, line FROM (
      SELECT *, lag("to", 1, 0) OVER side AS reached, lag(batch, 1, 0) OVER side AS last FROM statements
      WINDOW side AS (PARTITION BY line, kind ORDER BY batch)) AS laid
    WHERE "from" <> reached OR previous <> last`;
  expect(gaps).to.have.length(0);
  return batches.length;
}
