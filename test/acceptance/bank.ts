// The operator's bank, as far as a test needs one: it takes the operator's files and tells what it has done.

import { XMLParser } from "fast-xml-parser";

export type Order = { readonly endToEndId: string; readonly amount: string; readonly currency: string };

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  isArray: (name) => name === "CdtTrfTxInf" || name === "PmtInf",
});

/** What a pain.001 file asks for. */
export function ordersOf(xml: string): Order[] {
  // biome-ignore lint/suspicious/noExplicitAny: a foreign document
  const { PmtInf } = (parser.parse(xml) as any).Document.CstmrCdtTrfInitn;
  // biome-ignore lint/suspicious/noExplicitAny: a foreign document
  const transfers: any[] = PmtInf.flatMap((info: any) => info.CdtTrfTxInf);
  return transfers.map(({ PmtId, Amt }) => ({
    endToEndId: PmtId.EndToEndId,
    amount: Amt.InstdAmt["#text"],
    currency: Amt.InstdAmt["@_Ccy"],
  }));
}

const entry = ({ endToEndId, amount, currency }: Order, reference: string, isReturn: boolean) => `
      <Ntry>
        <Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${isReturn ? "CRDT" : "DBIT"}</CdtDbtInd>
        ${isReturn ? "<RvslInd>true</RvslInd>" : ""}
        <Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>${reference}</AcctSvcrRef>
        <BkTxCd><Prtry><Cd>transfer</Cd></Prtry></BkTxCd>
        <NtryDtls><TxDtls>
          <Refs><AcctSvcrRef>${reference}</AcctSvcrRef><EndToEndId>${endToEndId}</EndToEndId></Refs>
          <Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${isReturn ? "CRDT" : "DBIT"}</CdtDbtInd>
          ${isReturn ? "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" : ""}
        </TxDtls></NtryDtls>
      </Ntry>`;

/** A camt.054 notification that these transfers were made, or came back. */
export function notificationOf(message: string, orders: readonly Order[], isReturn = false): string {
  const entries = orders.map((order, index) => entry(order, `${message}-${index}`, isReturn));
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">
  <BkToCstmrDbtCdtNtfctn>
    <GrpHdr><MsgId>${message}</MsgId><CreDtTm>2026-01-02T03:04:05Z</CreDtTm></GrpHdr>
    <Ntfctn>
      <Id>${message}</Id>
      <Acct><Id><IBAN>BE71096123456769</IBAN></Id></Acct>${entries.join("")}
    </Ntfctn>
  </BkToCstmrDbtCdtNtfctn>
</Document>`;
}
