// Payouts that wait for the bank, in a store without chain: written as a settlement run writes them. Calls to the contract
// are looked at where they are written down; `recordAll` stands in for the chain.

import { readCamt054 } from "../../server/bank/camt054.ts";
import { fileBankTransfers } from "../../server/jobs/settle/bank-files.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings } from "../../server/settings.ts";
import { type AccountDetails, setAccount } from "../../server/store/bank-accounts.ts";
import { recordMovement, tellApart } from "../../server/store/bank-entries.ts";
import type { Database } from "../../server/store/database.ts";
import { addCharity } from "../../server/store/parties.ts";
import { silent } from "../support/service.ts";
import { camt054, type Entry, IBAN, OTHER_IBAN } from "./making.ts";

export const OPERATOR = { BANK_ACCOUNT_NAME: "Amanah gGmbH", BANK_ACCOUNT_IBAN: IBAN };

export const accountOf = (given: Partial<AccountDetails> = {}): AccountDetails => ({
  ...{ name: "Tafel Berlin", iban: OTHER_IBAN, other: null, bic: null },
  ...{ bank_system: null, bank_code: null, country: "GB" },
  ...given,
});

let charities = 0;

/** A charity with a bank account, unless `account` is null, and one payout to it that waits for the bank. */
export async function owe(
  sql: Database,
  { amount = 1250n, unit = "EUR", account = accountOf() as AccountDetails | null } = {},
): Promise<{ payout: bigint; registration: string }> {
  charities += 1;
  const registration = `DE-VR-${charities}`;
  const id = charityId(registration);
  await addCharity(sql, {
    registration,
    name: registration,
    website: null,
    payee: null,
    signer: null,
    rail: "bank",
  });
  if (account !== null) await setAccount(sql, id, account);
  const [line] = await sql`INSERT INTO lines (charity, unit) VALUES (${id}, ${unit}) RETURNING id`;
  const [run] =
    await sql`INSERT INTO settlement_runs (asked_by, state) VALUES ('operator', 'done') RETURNING id`;
  const [row] = await sql<{ id: bigint }[]>`
    INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state)
    VALUES (${run!.id}, ${line!.id}, 'bank', 0, ${amount}, 0, 0, 'waiting') RETURNING id`;
  return { payout: row!.id, registration };
}

export const file = (sql: Database, settings: Record<string, string> = OPERATOR, most?: number) =>
  fileBankTransfers({ sql, settings: readSettings(settings), log: silent }, most);

/** Has the bank tell of these, in one message; answers with what each came to. */
export async function tell(sql: Database, ...entries: Entry[]) {
  return tellXml(sql, camt054(entries));
}

export async function tellXml(sql: Database, xml: string) {
  const told = [];
  for (const one of tellApart(readCamt054(Buffer.from(xml)))) told.push(await recordMovement(sql, one));
  return told;
}

export type StoredTransfer = {
  readonly end_to_end_id: string;
  readonly attempt: number;
  readonly state: string;
  readonly reference: string | null;
  readonly reason: string | null;
};

export const transfersOf = (sql: Database, payout: bigint) =>
  sql<StoredTransfer[]>`
    SELECT end_to_end_id, attempt, state, reference, reason FROM transfers WHERE payout = ${payout} ORDER BY attempt`;

/** The references under which the contract is to hear of a payout: of `payBank` or of `repay`. */
export async function recordedOf(
  sql: Database,
  kind: "payBank" | "repay",
  registration: string,
): Promise<string[]> {
  const charity = `0x${Buffer.from(charityId(registration)).toString("hex")}`;
  const rows = await sql<{ reference: string }[]>`
    SELECT args->>'reference' AS reference FROM chain_calls
    WHERE kind = ${kind} AND args->>'charity' = ${charity} ORDER BY id`;
  return rows.map(({ reference }) => reference);
}

/** Every call has ended well, as far as the store can tell. */
export const recordAll = (sql: Database) =>
  sql`UPDATE chain_calls SET state = 'final' WHERE state <> 'final'`;
