// What the publishing job does for people, each step bounded: the index of donors, the documents of merchants' days, and
// the erasures that were asked for. When it is done, and by which process, is decided by who calls it.

import { fastKeccak, randomBytes } from "../hashing.ts";
import { totalSubject } from "../programmes/completeness.ts";
import { donorsKey } from "../programmes/donor.ts";
import { merchantTotal } from "../programmes/statements/merchant-total.ts";
import { fromHex, toHex, utf8 } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import type { Database } from "../store/database.ts";
import { indexDonors as indexBatches } from "../store/donors.ts";
import { continueErasures } from "../store/erasing.ts";
import type { Ledger } from "../store/ledger.ts";
import { type MerchantDay, type NewTotal, recordTotals } from "../store/merchant-totals.ts";

type LedgerKeys = Pick<Ledger, "id" | "secrets">;

/** Puts the next sealed batches into the index of donors and merchants; false when there was nothing to do. */
export const indexDonors = (sql: Database, { secrets }: Pick<Ledger, "secrets">): Promise<boolean> =>
  indexBatches(sql, donorsKey(secrets));

/**
 * Records the documents of some merchants' days that are over; false when there was nothing to do, or when it has to wait
 * for the next batch. `now` in Unix seconds.
 */
export const publishMerchantTotals = (
  sql: Database,
  ledger: Pick<Ledger, "id">,
  now = Math.floor(Date.now() / 1000),
): Promise<boolean> => recordTotals(sql, now, (day) => documentOf(ledger.id, day));

const SALT_BYTES = 16;

function documentOf(ledger: Uint8Array, day: MerchantDay): NewTotal {
  const total = merchantTotal(toHex(ledger), day, toHex(randomBytes(SALT_BYTES)));
  const body = canonicalJson(total);
  return { hash: fastKeccak(utf8(body)), subject: totalSubject(day.merchant, fromHex(total.salt)), body };
}

/** One step of each, as long as there is something to do: for the loop of the publishing job. */
export async function publishForPeople(sql: Database, ledger: LedgerKeys): Promise<boolean> {
  const steps = [
    () => indexDonors(sql, ledger),
    () => publishMerchantTotals(sql, ledger),
    () => continueErasures(sql),
  ];
  let isBusy = false;
  for (const step of steps) if (await step()) isBusy = true;
  return isBusy;
}
