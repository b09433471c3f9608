// The operator's bank, played by the demo: it reads the transfers that it is asked for and tells that it has made them, as a
// real bank does with a camt.054 notification. Only that makes a payout more than an intention.

import { setTimeout as sleep } from "node:timers/promises";
import { decimalOf } from "../../server/programmes/currency.ts";
import type { Api } from "./api.ts";

/** The operator's account there, as the service is told it. */
export const BANK_ACCOUNT = {
  BANK_ACCOUNT_NAME: "Demo Marketplace",
  BANK_ACCOUNT_IBAN: "DE89370400440532013000",
  BANK_ACCOUNT_BIC: "COBADEFFXXX",
} as const;

type Transfer = { readonly endToEndId: string; readonly amount: string; readonly currency: string };

const LOOK_EVERY_MS = 50;

/** Has a settlement run write its files for the bank, makes the transfers, and tells the service of them. */
export async function settleByBank(api: Api): Promise<void> {
  const { id } = await api.post("/v1/settlements", {});
  while ((await api.get(`/v1/settlements/${id}`)).state !== "done") await sleep(LOOK_EVERY_MS);
  const { items } = (await api.get("/v1/bank/transfers")) as { items: readonly Transfer[] };
  await api.xml("/v1/bank/notifications", notificationOf(items));
}

const notificationOf = (transfers: readonly Transfer[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
  <GrpHdr><MsgId>DEMO-1</MsgId><CreDtTm>${new Date().toISOString()}</CreDtTm></GrpHdr>
  <Ntfctn><Id>DEMO-1</Id><Acct><Id><IBAN>${BANK_ACCOUNT.BANK_ACCOUNT_IBAN}</IBAN></Id></Acct>
${transfers.map(entryOf).join("\n")}
  </Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>`;

const entryOf = ({ endToEndId, amount, currency }: Transfer, index: number): string => `    <Ntry>
      <Amt Ccy="${currency}">${decimalOf(BigInt(amount), currency)}</Amt><CdtDbtInd>DBIT</CdtDbtInd>
      <Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>DEMO-${index + 1}</AcctSvcrRef>
      <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
      <NtryDtls><TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs></TxDtls></NtryDtls>
    </Ntry>`;
