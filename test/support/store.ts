// The store and what rests on it, without HTTP and chain: a fresh database, the ledger in it, ingest and a sealer.
// A merchant with an accepted pledge is added by the store's own functions.

import { promiseSigner } from "../../server/chain/promiser.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { type Ingest, ingestPurchases } from "../../server/ingest/ingest.ts";
import { promiseMaker, type SignDigest } from "../../server/ingest/promise-maker.ts";
import { PromiseOpener, promiserFor } from "../../server/ingest/promiser.ts";
import { recorderFor, unixNow } from "../../server/ingest/recorder.ts";
import { closeNow, type Sealer, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { type Purchase, purchaseSchema } from "../../server/programmes/purchase.ts";
import { termsHash, termsSchema } from "../../server/programmes/terms.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { type Ledger, openLedger } from "../../server/store/ledger.ts";
import { NoticeFirst } from "../../server/store/notice-first.ts";
import { addCharity, addMerchant } from "../../server/store/parties.ts";
import { PledgeCache } from "../../server/store/pledge-cache.ts";
import { acceptPledge, addPledge, pledgeById } from "../../server/store/pledges.ts";
import { Proofs } from "../../server/store/proofs.ts";
import { GroupedWriter, type WriterLimits } from "../../server/store/writer.ts";
import { freshDatabase } from "./postgres.ts";
import { silent } from "./service.ts";
import { purchaseOf, termsOf } from "./shop.ts";

const CONNECTIONS = 6;
const sign = promiseSigner({ demonstration: true, PROMISE_KEY: undefined }) as SignDigest;

export interface TestStore {
  readonly url: string;
  readonly sql: Database;
  readonly ledger: Ledger;
  readonly ingest: Ingest;
  readonly proofs: Proofs;
  readonly sealer: Sealer;
  /** Another process, as far as the database can tell: a pool, a cache and a writer of its own. */
  another(limits?: Partial<WriterLimits>, url?: string): Promise<{ sql: Database; ingest: Ingest }>;
  /** Closes the open batch and seals all that is closed; answers with the last. Throws when there is nothing to seal. */
  seal(): Promise<bigint>;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const { url, drop } = await freshDatabase();
  const closing: (() => Promise<void>)[] = [];
  const another = async (limits?: Partial<WriterLimits>, via = url) => {
    const sql = connect(via, CONNECTIONS);
    const pledges = new PledgeCache(sql);
    await pledges.listen();
    closing.push(() => sql.end({ timeout: 1 }));
    const ledger = await openLedger(sql);
    const promiser = promiserFor({ make: promiseMaker(ledger.id, sign), withinSeconds: 600, now: unixNow });
    const notices = new NoticeFirst(sql, unixNow);
    return { sql, pledges, notices, ledger, promiser, writer: new GroupedWriter(sql, limits, promiser) };
  };
  const first = await another();
  const { ledger } = first;
  const opener = new PromiseOpener();
  const ingestOf = (own: typeof first): Ingest => ({ ...own, recorder: recorderFor(ledger), opener });
  const workers = new TreeWorkers(1);
  const due = { sealAfterSeconds: 86_400, sealAtReceipts: 1_000_000 };
  const sealer: Sealer = { sql: first.sql, ledger: ledger.id, workers, log: silent, ...due };
  return {
    url,
    sql: first.sql,
    ledger,
    ingest: ingestOf(first),
    proofs: new Proofs(first.sql, fastKeccak),
    sealer,
    another: async (limits, via) => {
      const own = await another(limits, via);
      return { sql: own.sql, ingest: ingestOf(own) };
    },
    seal: () => sealOpen(sealer),
    close: async () => {
      await Promise.all([workers.stop(), ...closing.map((end) => end())]);
      await drop();
    },
  };
}

async function sealOpen(sealer: Sealer): Promise<bigint> {
  await closeNow(sealer.sql);
  let sealed: bigint | undefined;
  for (let next = await sealOldest(sealer); next !== undefined; next = await sealOldest(sealer))
    sealed = next;
  if (sealed === undefined) throw new Error("there was nothing to seal, or the batch was not complete");
  return sealed;
}

/** A merchant with a pledge to these charities, accepted by them; `terms` replace the usual one percent. */
export async function addShop(
  sql: Database,
  merchant: string,
  charities: readonly string[],
  terms: object = {},
): Promise<Uint8Array> {
  for (const registration of charities) {
    const accounts = { website: null, payee: null, signer: null };
    await addCharity(sql, { registration, name: registration, rail: "bank", ...accounts });
  }
  await addMerchant(sql, { id: merchant, name: merchant, legal_donor: merchant });
  const own = termsSchema.parse(termsOf(merchant, charities, terms));
  await addPledge(sql, own);
  const pledge = await pledgeById(sql, termsHash(own));
  for (const charity of charities) await acceptPledge(sql, pledge!, charityId(charity));
  return pledge!.id;
}

export const bought = (merchant: string, order: string, given: object = {}): Purchase =>
  purchaseSchema.parse(purchaseOf(merchant, order, given));

/** So many purchases of one merchant, with order numbers that begin with `name`. */
export const purchases = (merchant: string, name: string, count: number): Purchase[] =>
  Array.from({ length: count }, (_, index) => bought(merchant, `${name}-${index}`));

/** Records purchases and fails unless every one of them was recorded or known. */
export async function record(ingest: Ingest, list: readonly Purchase[]) {
  const outcomes = await ingestPurchases(ingest, list);
  return outcomes.map((outcome) => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
}
