// The bank's side for tests: what it reads from our files, and the notifications that it writes, in the shape of real ones.

import { XMLParser } from "fast-xml-parser";

/** A part of a notification: one entry with one transaction, unless `transactions` says otherwise. */
export interface Entry {
  readonly endToEndId?: string;
  readonly amount: string;
  readonly currency?: string;
  readonly direction?: "DBIT" | "CRDT";
  readonly status?: string;
  readonly reversal?: boolean;
  /** Of the entry; null leaves it out. */
  readonly reference?: string | null;
  readonly entryReference?: string;
  /** Why it came back, as code and words. */
  readonly reason?: readonly [string, string];
  /** In place of the one transaction: XML of all. */
  readonly details?: string;
}

export const IBAN = "DE89370400440532013000";
export const OTHER_IBAN = "GB29NWBK60161331926819";

let messages = 0;

/** A camt.054 of the version; its entries are of `account`. */
export function camt054(
  entries: readonly Entry[],
  { version = "08", account = IBAN, message = `BANK-${++messages}` } = {},
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.${version}">
  <BkToCstmrDbtCdtNtfctn>
    <GrpHdr><MsgId>${message}</MsgId><CreDtTm>2026-11-20T18:00:00</CreDtTm></GrpHdr>
    <Ntfctn>
      <Id>${message}-1</Id><CreDtTm>2026-11-20T18:00:00</CreDtTm>
      <Acct><Id><IBAN>${account}</IBAN></Id></Acct>
${entries.map((entry) => entryXml(entry, version)).join("\n")}
    </Ntfctn>
  </BkToCstmrDbtCdtNtfctn>
</Document>`;
}

function entryXml(entry: Entry, version: string): string {
  const { amount, currency = "EUR", direction = "DBIT", status = "BOOK", reference = "BANKREF-1" } = entry;
  return `      <Ntry>
        ${entry.entryReference === undefined ? "" : `<NtryRef>${entry.entryReference}</NtryRef>`}
        <Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>
        ${entry.reversal === undefined ? "" : `<RvslInd>${entry.reversal}</RvslInd>`}
        <Sts>${version === "08" ? `<Cd>${status}</Cd>` : status}</Sts>
        <BookgDt><Dt>2026-11-20</Dt></BookgDt>
        ${reference === null ? "" : `<AcctSvcrRef>${reference}</AcctSvcrRef>`}
        <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>${entry.details ?? transactionXml(entry)}</NtryDtls>
      </Ntry>`;
}

/** One transaction; with an amount of its own where `own` gives one. */
export function transactionXml({ endToEndId, reason }: Partial<Entry>, own = ""): string {
  const refs = endToEndId === undefined ? "" : `<Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>`;
  const back =
    reason === undefined
      ? ""
      : `<RtrInf><Rsn><Cd>${reason[0]}</Cd></Rsn><AddtlInf>${reason[1]}</AddtlInf></RtrInf>`;
  return `<TxDtls>${refs}${own}${back}</TxDtls>`;
}

export interface Instructed {
  readonly endToEndId: string;
  readonly amount: string;
  readonly currency: string;
  readonly iban?: string;
  readonly remittance: string;
  readonly name: string;
}

/** What a bank reads from a file of ours, by an XML reader that is not the one that wrote it. */
export function readPain001(xml: string) {
  const tree = new XMLParser({ ignoreAttributes: false, parseTagValue: false }).parse(xml);
  const { GrpHdr, PmtInf } = tree.Document.CstmrCdtTrfInitn;
  const transfers: Instructed[] = [PmtInf.CdtTrfTxInf].flat().map((one) => ({
    endToEndId: one.PmtId.EndToEndId,
    amount: one.Amt.InstdAmt["#text"],
    currency: one.Amt.InstdAmt["@_Ccy"],
    iban: one.CdtrAcct.Id.IBAN,
    remittance: one.RmtInf.Ustrd,
    name: one.Cdtr.Nm,
  }));
  return {
    message: GrpHdr.MsgId as string,
    count: GrpHdr.NbOfTxs as string,
    sum: GrpHdr.CtrlSum as string,
    PmtInf,
    transfers,
  };
}
