// Reads the bank's notifications of debits and credits, ISO 20022 camt.054.001.02 to .08, by the local names that these
// versions share. What an entry means for a transfer is the store's business.

import { InputError } from "../errors.ts";
import type { Money, Movement } from "../programmes/transfer.ts";
import { type Element, elementsAt, readXml, textAt } from "./xml.ts";

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.054\.001\.0[2-8]$/;
const MOST_MOVEMENTS = 50_000;
/** ISO 20022 has 35 for most texts that we keep, and 34 for an IBAN. */
const TEXT_LENGTH = 35;
const REASON_LENGTH = 300;

/** All movements of a notification in its order. Throws `InputError` when it is none, or not whole. */
export function readCamt054(bytes: Uint8Array): Movement[] {
  const [document] = elementsAt(readXml(bytes), "Document");
  if (document === undefined || !namespaces(document).some((one) => NAMESPACE.test(one)))
    throw refuse("not-a-notification", "Document", "a camt.054.001.02 to .08", namesOf(document));
  const [notification] = elementsAt(document, "BkToCstmrDbtCdtNtfctn");
  const message = notification && textAt(notification, "GrpHdr", "MsgId");
  if (notification === undefined || message == null)
    throw refuse("not-a-notification", "GrpHdr.MsgId", "the message's name", "none");
  const movements = elementsAt(notification, "Ntfctn").flatMap((told) => {
    const of = { message, account: textAt(told, "Acct", "Id", "IBAN") };
    return elementsAt(told, "Ntry").flatMap((entry) => movementsOf(entry, of));
  });
  movements.forEach(checkTexts);
  if (movements.length <= MOST_MOVEMENTS) return movements;
  const wanted = `at most ${MOST_MOVEMENTS} movements`;
  throw refuse("too-many-movements", "body", `${wanted}; send it in parts`, `${movements.length}`);
}

const refuse = (code: string, field: string, wanted: string, came: string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

/** Refuses what is longer than the standard has it, and what no database can hold. */
function checkTexts({ amount, instructed, reason: _, ...texts }: Movement): void {
  const all = Object.entries({ ...texts, ...amount, instructed: instructed?.decimal });
  const wrong = all.find(([, text]) => typeof text === "string" && !isText(text));
  if (wrong === undefined) return;
  const came = `${String(wrong[1]).slice(0, TEXT_LENGTH)}…`;
  throw refuse("malformed-notification", wrong[0], `at most ${TEXT_LENGTH} characters of text`, came);
}

const isText = (text: string) => text.length <= TEXT_LENGTH && !text.includes("\0");

/** Prefixes are taken from attributes as well, so a declaration with one has any name. */
const namespaces = (document: Element): string[] =>
  typeof document === "string"
    ? []
    : Object.entries(document).flatMap(([name, value]) =>
        name.startsWith("@") ? [`${value as string}`] : [],
      );

const namesOf = (document: Element | undefined) =>
  (document === undefined ? "" : namespaces(document).join(" ")).slice(0, 200) || "none";

type Source = Pick<Movement, "message" | "account">;

/** An entry is one movement, or as many as it has details of. */
function movementsOf(entry: Element, of: Source): Movement[] {
  const details = elementsAt(entry, "NtryDtls", "TxDtls");
  if (details.length === 0) return [movementOf(entry, "", of, true)];
  return details.map((transaction) => movementOf(entry, transaction, of, details.length === 1));
}

function movementOf(entry: Element, transaction: Element, of: Source, isAlone: boolean): Movement {
  const direction = textAt(transaction, "CdtDbtInd") ?? textAt(entry, "CdtDbtInd");
  if (direction !== "CRDT" && direction !== "DBIT")
    throw refuse("incomplete-notification", "Ntry.CdtDbtInd", "CRDT or DBIT", direction ?? "nothing");
  return {
    ...of,
    endToEndId: textAt(transaction, "Refs", "EndToEndId"),
    paymentId: textAt(transaction, "Refs", "PmtInfId") ?? textAt(entry, "NtryDtls", "Btch", "PmtInfId"),
    direction: direction === "DBIT" ? "debit" : "credit",
    isReversal: /^(true|1)$/.test(textAt(entry, "RvslInd") ?? ""),
    status: textAt(entry, "Sts", "Cd") ?? textAt(entry, "Sts") ?? "none",
    reference:
      textAt(transaction, "Refs", "AcctSvcrRef") ?? textAt(entry, "AcctSvcrRef") ?? textAt(entry, "NtryRef"),
    amount: amountOf(entry, transaction, isAlone),
    instructed: moneyAt(transaction, "AmtDtls", "InstdAmt", "Amt"),
    reason: reasonOf(transaction),
  };
}

/** The entry's own amount is that of a movement only where the entry is of one. */
function amountOf(entry: Element, transaction: Element, isAlone: boolean): Money {
  const own = moneyAt(transaction, "Amt") ?? moneyAt(transaction, "AmtDtls", "TxAmt", "Amt");
  const amount = own ?? moneyAt(transaction, "AmtDtls", "InstdAmt", "Amt");
  const found = amount ?? (isAlone ? moneyAt(entry, "Amt") : null);
  if (found !== null) return found;
  throw refuse("incomplete-notification", "Ntry.Amt", "an amount with its currency", "nothing");
}

function moneyAt(element: Element, ...path: readonly string[]): Money | null {
  const decimal = textAt(element, ...path);
  const currency = textAt(element, ...path, "@Ccy");
  return decimal === null || currency === null ? null : { decimal, currency };
}

/** "AC04: account closed"; null where none is given. */
function reasonOf(transaction: Element): string | null {
  const code = textAt(transaction, "RtrInf", "Rsn", "Cd") ?? textAt(transaction, "RtrInf", "Rsn", "Prtry");
  const words = elementsAt(transaction, "RtrInf", "AddtlInf").filter((one) => typeof one === "string");
  const text = [code, words.join(" ")].filter((part) => part !== null && part !== "").join(": ");
  return text === "" ? null : text.replaceAll("\0", "").slice(0, REASON_LENGTH);
}
