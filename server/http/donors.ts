// /v1/donors: a donor's own key, and what was given through the donor's purchases.

import type { Request } from "express";
import { z } from "zod";
import { ForbiddenError, InputError } from "../errors.ts";
import { donorName, donorsKey } from "../programmes/donor.ts";
import { name } from "../programmes/fields.ts";
import { periodOf } from "../programmes/statements/dates.ts";
import {
  DONOR_STATEMENT_FORMAT,
  type DonorGift,
  type DonorStatement,
  donorPaper,
  donorSheet,
  donorStatement,
  type Marks,
  statusAt,
} from "../programmes/statements/donor.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { type GivenGift, giftsOfDonor, type OpenPayout, openPayouts } from "../store/donors.ts";
import { areWhole, type Erasure, erasuresOf } from "../store/erasure.ts";
import { donorSubject } from "../store/issued-statements.ts";
import { merchantById } from "../store/parties.ts";
import { mayActFor } from "./auth.ts";
import { donorKey, type NamedDonor, readDonorKey } from "./donor-keys.ts";
import { publicUrl } from "./receipt-keys.ts";
import { startOf } from "./receipts.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { type Format, periodQuery, replyAs } from "./statement-formats.ts";
import { isoTime, minor, noSuch } from "./words.ts";

const MOST_GIFTS = 10_000;
const MOST_GIFTS_ON_PAPER = 2_000;

/** A donor as shops know one. */
export const buyerSchema = z.strictObject({ merchant: name, buyer: name });
export type Buyer = z.output<typeof buyerSchema>;

export const donorOf = ({ ledger }: Services, { merchant, buyer }: Buyer): Uint8Array =>
  donorName(donorsKey(ledger.secrets), merchant, buyer);

const statementSchema = z
  .looseObject({
    format: z.literal(DONOR_STATEMENT_FORMAT),
    gifts: z.array(
      z.looseObject({ amount: minor, refunded: minor, status: z.string(), receipt: z.string() }),
    ),
    totals: z.array(z.looseObject({ charity: z.string(), unit: z.string(), amount: minor, refunded: minor })),
  })
  .meta({ id: "DonorStatement" });

async function nameDonor(services: Services, buyer: Buyer): Promise<NamedDonor> {
  const donor = donorOf(services, buyer);
  const [last] = await erasuresOf(services.sql, { donor });
  return { donor, generation: last?.generation ?? 0 };
}

/** Whom the request's key names. Throws when it brings none, or one that is not ours. */
function donorAsking({ headers }: Request, { ledger }: Services): NamedDonor {
  const key = /^Donor +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const named = key === undefined ? undefined : readDonorKey(ledger.secrets, key);
  if (named !== undefined) return named;
  const came = key === undefined ? "nothing of the kind" : "a key that is none of this ledger";
  throw new ForbiddenError("unknown-key", `Authorization: wanted Donor and a donor's key, came ${came}`);
}

type Asked = { readonly from: string; readonly to: string; readonly format: Format };

/** What the key opens: nothing of before the donor was erased, and after an erasure a key of before opens nothing at all. */
async function statementOf(services: Services, named: NamedDonor, asked: Asked): Promise<DonorStatement> {
  const { sql, ledger } = services;
  const { from, to } = asked;
  const erasures = await erasuresOf(sql, named);
  const erased = erasures.map(({ asked_at }) => isoTime(asked_at)).reverse();
  const head = { ledger: toHex(ledger.id), from, to, erased };
  if (named.generation !== (erasures[0]?.generation ?? 0))
    return donorStatement({ ...head, complete: true, gifts: [] });
  const most = asked.format === "pdf" ? MOST_GIFTS_ON_PAPER : MOST_GIFTS;
  const period = periodOf(from, to);
  const read = await giftsOfDonor(sql, donorsKey(ledger.secrets), named.donor, period, most + 1);
  if (read.gifts.length > most) throw tooMany(most);
  const gifts = read.gifts.filter((gift) => !isToBeErased(gift, erasures[0]));
  return donorStatement({ ...head, complete: read.isWhole, gifts: await showGifts(services, gifts) });
}

/** While an erasure waits for batches, what it will take away is told to nobody any more. */
const isToBeErased = ({ accepted_at }: GivenGift, last: Erasure | undefined): boolean =>
  last?.finished_at === null && accepted_at <= last.asked_at;

function tooMany(most: number): InputError {
  const wanted = `a period with at most ${most} gifts`;
  const facts = { field: "to", wanted, came: "one with more" };
  return new InputError(
    "too-many-gifts",
    `to: wanted ${wanted}, came one with more; ask for a shorter one`,
    facts,
  );
}

async function showGifts(services: Services, gifts: readonly GivenGift[]): Promise<DonorGift[]> {
  const payouts = await openPayouts(services.sql, [...new Set(gifts.map(({ line }) => line))]);
  const shown: DonorGift[] = [];
  for (const gift of gifts) shown.push(showGift(services, gift, payouts, await endOf(services, gift)));
  return shown;
}

/**
 * Where a gift ends on its line, or a place that all watermarks pass together with it: payouts and acknowledgements end
 * where statements do, so that only what is spent in the middle of one asks for the gift's own proof.
 */
async function endOf({ proofs }: Services, gift: GivenGift): Promise<bigint | null> {
  const { from, to, amount } = gift;
  if (from === null || to === null) return null;
  const marks = [gift.given, gift.paid, gift.acknowledged, gift.spent];
  if (!marks.some((mark) => mark !== null && from < mark && mark < to)) return to;
  const seal = await proofs.of(gift);
  return seal === null ? null : startOf(seal) + amount;
}

type PrivateDetails = {
  readonly completedAt: number;
  readonly merchant: string;
  readonly legalDonor: string;
  readonly order: string;
};

function showGift(
  { settings }: Services,
  gift: GivenGift,
  payouts: readonly OpenPayout[],
  end: bigint | null,
): DonorGift {
  const { completedAt, merchant, legalDonor, order } = JSON.parse(gift.private) as PrivateDetails;
  const claimOf = (at: bigint | null) =>
    payouts.find(
      ({ line, from, upto, bank }) => line === gift.line && bank && at !== null && from < at && at <= upto,
    );
  const status = statusAt(end, marksOf(gift), (at) => claimOf(at) !== undefined);
  const receipt = toHex(gift.id);
  return {
    completedAt: isoTime(completedAt),
    ...{ merchant, legalDonor, order },
    charity: gift.registration,
    charityName: gift.charity_name,
    unit: gift.unit,
    amount: `${gift.amount}`,
    refunded: `${gift.refunded}`,
    status,
    claimedSince: status === "claimed" ? (claimOf(end)?.paid_at.toISOString() ?? null) : null,
    receipt,
    link: `${publicUrl(settings)}/r/${receipt}`,
  };
}

function marksOf({ given, paid, acknowledged, spent }: GivenGift): Marks | null {
  if (given === null || paid === null || acknowledged === null || spent === null) return null;
  return { given, paid, acknowledged, spent };
}

const tag = "Donors";

export const donorRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/donors/keys",
    tag,
    summary: "Make a donor's key",
    description:
      "`buyer` is the shop's pseudonym, as purchases carry it. The same donor gets the same key, until an erasure ends it. It is for the donor alone.",
    callers: ["operator", "merchant"],
    body: buyerSchema,
    answers: {
      200: {
        description: "The key",
        schema: z
          .object({ merchant: z.string(), buyer: z.string(), key: z.string() })
          .meta({ id: "DonorKey" }),
      },
      404: { description: "No such merchant is registered" },
    },
    handle: async ({ body, caller }, services) => {
      mayActFor(caller, "merchant", body.merchant);
      if ((await merchantById(services.sql, body.merchant)) === undefined)
        throw noSuch("merchant", body.merchant);
      const key = donorKey(services.ledger.secret, await nameDonor(services, body));
      return { status: 200, body: { ...body, key }, headers: { "Cache-Control": "private, no-store" } };
    },
  }),
  route({
    method: "get",
    path: "/v1/donors/statement",
    tag,
    summary: "A donor's statement over any dates",
    description:
      "With `Authorization: Donor` and the donor's key. `from` and `to` are days in UTC, both included, by when purchases completed; `format` is json, csv or pdf. The donor in law of each gift is the merchant named with it.",
    query: periodQuery(),
    answers: {
      200: { description: "The statement", schema: statementSchema },
      401: { description: "The key is none of this ledger's donors" },
      422: { description: "More gifts than one statement holds" },
    },
    handle: async ({ query, request }, services) => {
      const asked = query as Asked;
      const named = donorAsking(request, services);
      const document = await statementOf(services, named, asked);
      return replyAs(services, asked.format, {
        document,
        sheet: () => donorSheet(document),
        paper: () => donorPaper(document),
        subject: donorSubject(named.donor),
        isStillThere: (tx) =>
          areWhole(
            tx,
            document.gifts.map(({ receipt }) => fromHex(receipt)),
          ),
        name: `gifts-${asked.from}-${asked.to}`,
      });
    },
  }),
];
