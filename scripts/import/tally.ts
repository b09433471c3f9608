// What an import came to: added up answer by answer, told at the end.

import { formatAmount } from "../../server/programmes/currency.ts";
import type { Source } from "./source.ts";
import type { PurchaseAnswer } from "./upload.ts";

/** The purchases that were refused for one reason, and one of them to look at. */
type Refused = { purchases: number; readonly example: string };

export class Tally {
  purchases = 0;
  repeated = 0;
  gifts = 0;
  sum = 0n;
  /** The last batch that a receipt fell into. */
  lastBatch = 0n;
  readonly refused = new Map<string, Refused>();

  add(answer: PurchaseAnswer): void {
    if (answer.receipts === undefined) this.#refuse(answer);
    else this.#count(answer, answer.receipts);
  }

  #count({ status, batch = "0" }: PurchaseAnswer, receipts: readonly { readonly amount: string }[]): void {
    this.purchases += 1;
    if (status === 200) this.repeated += 1;
    this.gifts += receipts.length;
    for (const { amount } of receipts) this.sum += BigInt(amount);
    if (receipts.length > 0 && BigInt(batch) > this.lastBatch) this.lastBatch = BigInt(batch);
  }

  #refuse({ type = "unknown", merchant, order, detail }: PurchaseAnswer): void {
    const reason = this.refused.get(type);
    if (reason === undefined)
      this.refused.set(type, { purchases: 1, example: `order ${order} of ${merchant}: ${detail}` });
    else reason.purchases += 1;
  }
}

const number = (value: number | bigint) => value.toLocaleString("en");
const line = (name: string, value: string, note = "") =>
  `${name.padEnd(11)}${value.padStart(10)}  ${note}`.trimEnd();

/** The summary, line by line. */
export function summaryOf(source: Source, tally: Tally): string[] {
  const { currency, orders, completed, skipped } = source;
  return [
    line(
      "orders",
      number(completed),
      `of ${number(orders)}${skipped.length === 0 ? "" : "; the others gave nothing:"}`,
    ),
    ...skipped.map(({ reason, orders }) => line("", number(orders), reason)),
    line("purchases", number(tally.purchases), repeats(tally)),
    ...[...tally.refused.values()].map(({ purchases, example }) =>
      line("refused", number(purchases), example),
    ),
    line("gifts", number(tally.gifts)),
    line("sum", number(tally.sum), `minor units: ${formatAmount(tally.sum, currency)}`),
  ];
}

const repeats = ({ repeated, purchases }: Tally): string =>
  repeated === 0
    ? "all recorded now"
    : `${number(purchases - repeated)} recorded now, ${number(repeated)} before`;
