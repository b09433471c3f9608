// What a settlement run came to: charity by charity, and then what it could not pay, with the reason.

import type { ServiceClient } from "../import/service-client.ts";
import type { Run } from "./follow-run.ts";

export type PayoutOfRun = {
  readonly registration: string;
  readonly written: string;
  readonly rail: "token" | "bank";
  readonly state: string;
};

const PAGE = 1_000;

/** All payouts of a run, by charity. */
export async function payoutsOfRun(client: ServiceClient, run: string): Promise<PayoutOfRun[]> {
  const payouts: PayoutOfRun[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const cursor: string = after === "" ? "" : `&after=${after}`;
    const page = JSON.parse(await client.read(`/v1/payouts?settlement=${run}&limit=${PAGE}${cursor}`));
    payouts.push(...(page.items as PayoutOfRun[]));
    after = page.next;
  }
  return payouts.sort((a, b) => (a.registration < b.registration ? -1 : 1));
}

/** In the words of the operator, not of the state machine. */
const TOLD: Record<string, string> = {
  intended: "under way",
  waiting: "with the bank, once its file is sent",
  confirmed: "paid by the bank, being recorded",
  paid: "paid",
  failed: "failed",
};

const REASONS: Record<string, string> = {
  "no-payee": "it has no account for tokens (payee)",
  "no-signer": "it has no signer, so that it could never acknowledge",
  "nothing-given": "nothing new was given",
  "below-minimum": "what was given is below the minimum, and not old enough yet",
  "all-refunded": "all that was given was refunded",
  "payout-under-way": "an earlier payout is under way",
  "not-money": "the unit is no currency",
  "line-at-fault": "a fault of its line is proven: the contract takes no more payout",
};

const said = (reason: string) => REASONS[reason] ?? reason;

/** The summary, line by line. */
export function summaryOf(run: Run, payouts: readonly PayoutOfRun[]): string[] {
  const width = Math.max(...payouts.map(({ registration }) => registration.length), 10);
  const amountWidth = Math.max(...payouts.map(({ written }) => written.length), 10);
  const show = ({ registration, written, rail, state }: PayoutOfRun) =>
    `${registration.padEnd(width)}  ${written.padStart(amountWidth)}  by ${rail}, ${TOLD[state] ?? state}`;
  return [
    ...payouts.map(show),
    ...run.payouts.map((total) => `${total.written} in ${total.payouts} payouts: ${TOLD[total.state]}`),
    ...Object.entries(run.unpaid).map(([reason, lines]) => `${lines} lines not paid: ${said(reason)}`),
    ...run.setAside.map(
      ({ registration, unit, reason }) => `set aside: ${registration} in ${unit}: ${said(reason)}`,
    ),
    `settlement ${run.id} looked at ${run.linesLookedAt} lines`,
  ];
}
