// Writes customer credit transfer initiations, ISO 20022 pain.001.001.03: the file that the operator hands to its bank.
// Which payouts are in it, and what became of them, is not known here.

import { create } from "xmlbuilder2";
import { decimalOf } from "../programmes/currency.ts";
import { bankText } from "./bank-text.ts";
import { REMITTANCE_LENGTH } from "./remittance.ts";

/** Where money goes to or comes from. Either `iban` or `other` (any other account number) is there. */
export type BankAccount = {
  readonly name: string;
  readonly iban: string | null;
  readonly other: string | null;
  readonly bic: string | null;
  /** The bank's number in a national clearing system, such as CNAPS 102100099996. */
  readonly bankCode: { readonly system: string; readonly code: string } | null;
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
};

export type CreditTransfer = {
  /** At most 35 characters; the bank's confirmation names it. */
  readonly endToEndId: string;
  readonly amountMinor: bigint;
  readonly creditor: BankAccount;
  /** Cut to 140 characters. */
  readonly remittance: string;
};

export type TransferFile = {
  /** At most 35 characters, never used twice. */
  readonly messageId: string;
  readonly createdAt: Date;
  readonly currency: string;
  readonly debtor: BankAccount;
  readonly transfers: readonly CreditTransfer[];
};

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03";
const NAME_LENGTH = 70;

/** The file as XML. Texts are written in the characters that banks take; amounts and their sum have at most 18 digits. */
export function writePain001(file: TransferFile): string {
  const totals = totalsOf(file);
  const Document = {
    "@xmlns": NAMESPACE,
    CstmrCdtTrfInitn: {
      GrpHdr: {
        MsgId: file.messageId,
        CreDtTm: file.createdAt.toISOString().slice(0, 19),
        ...totals,
        InitgPty: { Nm: bankText(file.debtor.name, NAME_LENGTH) },
      },
      PmtInf: paymentOf(file, totals),
    },
  };
  return create({ version: "1.0", encoding: "UTF-8" }, { Document }).end({ prettyPrint: true });
}

function totalsOf({ transfers, currency }: TransferFile) {
  const sum = transfers.reduce((all, { amountMinor }) => all + amountMinor, 0n);
  return { NbOfTxs: `${transfers.length}`, CtrlSum: decimalOf(sum, currency) };
}

/** Booked singly, so that the bank notifies of each transfer by its own id. */
const paymentOf = (file: TransferFile, totals: object) => ({
  PmtInfId: file.messageId,
  PmtMtd: "TRF",
  BtchBookg: "false",
  ...totals,
  ReqdExctnDt: file.createdAt.toISOString().slice(0, 10),
  Dbtr: { Nm: bankText(file.debtor.name, NAME_LENGTH) },
  DbtrAcct: accountOf(file.debtor),
  DbtrAgt: bankOf(file.debtor) ?? { FinInstnId: { Othr: { Id: "NOTPROVIDED" } } },
  CdtTrfTxInf: file.transfers.map((transfer) => transferOf(transfer, file.currency)),
});

function transferOf({ endToEndId, amountMinor, creditor, remittance }: CreditTransfer, currency: string) {
  const bank = bankOf(creditor);
  return {
    PmtId: { InstrId: endToEndId, EndToEndId: endToEndId },
    ...serviceOf(creditor, currency),
    Amt: { InstdAmt: { "@Ccy": currency, "#": decimalOf(amountMinor, currency) } },
    // What is recorded as paid is what must arrive: where there is a choice, we bear the charges.
    ChrgBr: isSepa(creditor, currency) ? "SLEV" : "DEBT",
    ...(bank === undefined ? {} : { CdtrAgt: bank }),
    Cdtr: {
      Nm: bankText(creditor.name, NAME_LENGTH),
      ...(creditor.country === null ? {} : { PstlAdr: { Ctry: creditor.country } }),
    },
    CdtrAcct: accountOf(creditor),
    RmtInf: { Ustrd: bankText(remittance, REMITTANCE_LENGTH) },
  };
}

const isSepa = ({ iban }: BankAccount, currency: string) => currency === "EUR" && iban !== null;

const serviceOf = (creditor: BankAccount, currency: string) =>
  isSepa(creditor, currency) ? { PmtTpInf: { SvcLvl: { Cd: "SEPA" } } } : {};

const accountOf = ({ iban, other }: BankAccount) => ({
  Id: iban === null ? { Othr: { Id: other } } : { IBAN: iban },
});

function bankOf({ bic, bankCode }: BankAccount) {
  if (bic === null && bankCode === null) return undefined;
  const clearing =
    bankCode === null ? {} : { ClrSysMmbId: { ClrSysId: { Cd: bankCode.system }, MmbId: bankCode.code } };
  return { FinInstnId: { ...(bic === null ? {} : { BIC: bic }), ...clearing } };
}
