// What a charity can sign for now: which payouts, as typed data for its wallet, and in plain words. Nothing is recorded here.

import { z } from "zod";
import { InputError, NotFoundError } from "../errors.ts";
import { receivedOver } from "../programmes/acknowledgement.ts";
import { sayAcknowledgement } from "../programmes/signing-words.ts";
import { toHex } from "../protocol/bytes.ts";
import type { AcknowledgementArgs } from "../protocol/contract-calls.ts";
import { signedDigest, typedDataOf } from "../protocol/typed-data.ts";
import {
  netToAt,
  paidUpTo,
  payoutsBehind,
  type RecordedPayout,
  signedPositions,
  unitsPaid,
} from "../store/acknowledgements.ts";
import { lastFinalBatch } from "../store/deployment.ts";
import type { LineName } from "../store/lines.ts";
import type { Charity } from "../store/parties.ts";
import { payoutSchema, showPayout } from "./claims.ts";
import { signerOf, typedDataSchema } from "./relay.ts";
import type { Services } from "./services.ts";
import { address, hex32, minor } from "./words.ts";

/** One acknowledgement covers at most so many payouts; a charity that has not signed for longer signs again. */
const MOST_PAYOUTS = 1_000;

export const offerSchema = z
  .object({
    charity: hex32,
    registration: z.string(),
    unit: z.string(),
    signer: address,
    typedData: typedDataSchema.meta({ description: "as `eth_signTypedData_v4` takes it" }),
    digest: hex32.meta({ description: "what a wallet contract is asked about" }),
    words: z.array(z.string()).meta({ description: "the same, for people" }),
    payouts: z.array(payoutSchema.extend({ from: minor, amount: minor })),
  })
  .meta({ id: "AcknowledgementOffer" });

/** The one unit in which there is something to sign, unless it is named. */
export async function unitToSign(
  { sql }: Services,
  charity: Charity,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named;
  const open: string[] = [];
  for (const unit of await unitsPaid(sql, charity.id)) {
    const line = { charity: charity.id, unit };
    if ((await paidUpTo(sql, line)) > (await signedPositions(sql, line)).acknowledged) open.push(unit);
  }
  const [unit, ...others] = open;
  if (unit === undefined)
    throw nothing(`nothing was paid to ${charity.registration} that it has not signed for`);
  if (others.length === 0) return unit;
  throw new InputError("unit-needed", `unit: wanted one of ${open.join(", ")}, came nothing`, {
    field: "unit",
    wanted: open,
  });
}

const nothing = (says: string) => new NotFoundError("nothing-to-sign", says);

/** The payouts to sign for, up to the end that is asked for, or the last. */
async function payoutsToSign(
  { sql }: Services,
  { id, registration }: Charity,
  unit: string,
  acknowledged: bigint,
  upTo: bigint | undefined,
): Promise<readonly RecordedPayout[]> {
  const payouts = await payoutsBehind(sql, { charity: id, unit }, acknowledged, MOST_PAYOUTS);
  const until = acknowledged > 0n ? ` behind position ${acknowledged}, up to where it has signed` : "";
  if (payouts.length === 0) throw nothing(`nothing was paid to ${registration} in ${unit}${until}`);
  if (upTo === undefined) return payouts;
  const last = payouts.findIndex((payout) => payout.upTo === upTo);
  if (last >= 0) return payouts.slice(0, last + 1);
  const wanted = `a position where a payout ends that is not signed for: ${payouts.map((one) => one.upTo).join(", ")}`;
  throw new InputError("not-payout-end", `upTo: wanted ${wanted}, came ${upTo}`, { field: "upTo", wanted });
}

/** The acknowledgement of these payouts, as of the newest batch that stays. */
async function acknowledgementOver(
  { sql }: Services,
  line: LineName,
  from: bigint,
  payouts: readonly RecordedPayout[],
): Promise<AcknowledgementArgs> {
  const [last, newest, netFrom] = [payouts.at(-1), await lastFinalBatch(sql), await netToAt(sql, line, from)];
  if (last === undefined || newest === undefined || netFrom === undefined)
    throw nothing(
      "no batch is final yet, or the last acknowledgement does not end at a payout that is known here",
    );
  const { upTo, netTo } = last;
  const received = receivedOver(from, upTo, netFrom, netTo);
  const figures = { from: `${from}`, upTo: `${upTo}`, netTo: `${netTo}`, received: `${received}` };
  const seen = { batch: `${newest.number}`, root: toHex(newest.root) };
  return { charity: toHex(line.charity), unit: line.unit, ...figures, ...seen };
}

/** What there is to sign on a line: up to the payout that ends at `wanted`, or up to the last. */
export async function offerOf(
  services: Services,
  charity: Charity,
  unit: string,
  wanted: bigint | undefined,
) {
  const { sql, ledger } = services;
  const line = { charity: charity.id, unit };
  const { acknowledged } = await signedPositions(sql, line);
  const payouts = await payoutsToSign(services, charity, unit, acknowledged, wanted);
  const args = await acknowledgementOver(services, line, acknowledged, payouts);
  const netFrom = await netToAt(sql, line, acknowledged);
  return {
    charity: args.charity,
    registration: charity.registration,
    unit,
    signer: signerOf(charity),
    typedData: typedDataOf(ledger.id, "Acknowledgement", args),
    digest: toHex(signedDigest(ledger.id, "Acknowledgement", args)),
    words: sayAcknowledgement(`${charity.name} (${charity.registration})`, args, toHex(ledger.id)),
    payouts: payouts.map((payout, index) =>
      showCovered(payout, payouts[index - 1]?.netTo ?? netFrom ?? 0n, acknowledged),
    ),
  };
}

function showCovered(payout: RecordedPayout, netFrom: bigint, acknowledged: bigint) {
  const amount = receivedOver(payout.from, payout.upTo, netFrom, payout.netTo);
  return { ...showPayout(payout, acknowledged), from: payout.from, amount };
}
