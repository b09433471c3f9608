// Writes the files for the operator's bank: transfers are filed, a file a currency, until every bank payout that waits has
// one or says what it lacks. What the bank answers comes by http.

import type { Logger } from "pino";
import { isIban } from "../../bank/iban.ts";
import { type BankAccount, writePain001 } from "../../bank/pain001.ts";
import { remittanceOf } from "../../bank/remittance.ts";
import type { Settings } from "../../settings.ts";
import type { Database } from "../../store/database.ts";
import { explainPayout } from "../../store/payouts.ts";
import { heldSince } from "../../store/restorations.ts";
import {
  type FileDraft,
  type Filing,
  fileNext,
  type SetAside,
  setAside,
} from "../../store/transfer-filing.ts";
import { type FiledFile, recordRepayments } from "../../store/transfers.ts";

export type BankRail = { readonly sql: Database; readonly settings: Settings; readonly log: Logger };

export type BankFiling = {
  readonly files: readonly FiledFile[];
  /** Payouts that got no transfer, and what each lacks. */
  readonly setAside: readonly SetAside[];
};

/** What one file holds at most: what banks take, and what one transaction writes in about a second. */
export const MOST_TRANSFERS_A_FILE = 10_000;

const NO_DEBTOR =
  "the operator's own bank account is not set: start the service with BANK_ACCOUNT_NAME and BANK_ACCOUNT_IBAN";
const WRONG_DEBTOR =
  "the operator's own bank account is not one: the check digits of BANK_ACCOUNT_IBAN are wrong";

/**
 * Files whatever can be filed, until the signal aborts. Cut off at any point and called again, or called twice at once, it
 * files nothing twice; what cannot be filed is reported and tried again the next time.
 */
export async function fileBankTransfers(
  { sql, settings, log }: BankRail,
  most = MOST_TRANSFERS_A_FILE,
  signal?: AbortSignal,
): Promise<BankFiling> {
  await sql.begin(recordRepayments);
  const debtor = debtorOf(settings);
  const isHeld = (await heldSince(sql)) !== null;
  const files = isHeld || typeof debtor === "string" ? [] : await fileAll({ sql, log, signal }, debtor, most);
  const left = await setAside(sql);
  const told = typeof debtor === "string" ? left.map((one) => ({ ...one, reason: debtor })) : left;
  for (const one of told) {
    if (one.told !== one.reason) await explainPayout(sql, one.payout, one.reason);
  }
  if (told.length > 0) log.warn({ payouts: told.length, first: told[0] }, "bank payouts wait for somebody");
  return {
    files,
    setAside: told.map(({ payout, registration, reason }) => ({ payout, registration, reason })),
  };
}

type Debtor = BankAccount & { readonly iban: string };

/** The account that payouts leave, or what is wrong with it. */
function debtorOf({ BANK_ACCOUNT_NAME, BANK_ACCOUNT_IBAN, BANK_ACCOUNT_BIC }: Settings): Debtor | string {
  if (BANK_ACCOUNT_NAME === undefined || BANK_ACCOUNT_IBAN === undefined) return NO_DEBTOR;
  if (!isIban(BANK_ACCOUNT_IBAN)) return WRONG_DEBTOR;
  const bic = BANK_ACCOUNT_BIC ?? null;
  return { name: BANK_ACCOUNT_NAME, iban: BANK_ACCOUNT_IBAN, bic, ...NO_OTHER };
}

const NO_OTHER = { other: null, bankCode: null, country: null } as const;

type FilingWork = Pick<BankRail, "sql" | "log"> & { readonly signal: AbortSignal | undefined };

async function fileAll({ sql, log, signal }: FilingWork, debtor: Debtor, most: number): Promise<FiledFile[]> {
  const files: FiledFile[] = [];
  const write = (draft: FileDraft) => toXml(draft, debtor);
  while (!signal?.aborted) {
    const file = await fileNext(sql, debtor.iban, most, write);
    if (file === undefined) break;
    log.info(
      { file: file.message_id, transfers: file.transfers, currency: file.currency },
      "a bank file is written",
    );
    files.push(file);
  }
  return files;
}

const toXml = ({ messageId, currency, transfers }: FileDraft, debtor: BankAccount): string =>
  writePain001({ messageId, createdAt: new Date(), currency, debtor, transfers: transfers.map(toTransfer) });

const toTransfer = (filing: Filing) => ({
  endToEndId: filing.end_to_end_id,
  amountMinor: filing.amount,
  remittance: remittanceOf(filing),
  creditor: toAccount(filing),
});

const toAccount = ({ name, iban, other, bic, bank_system, bank_code, country }: Filing): BankAccount => ({
  ...{ name, iban, other, bic, country },
  bankCode: bank_system === null || bank_code === null ? null : { system: bank_system, code: bank_code },
});
