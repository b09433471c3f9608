// The money's way: anchored, paid by bank, acknowledged by the charity's own signature, spent and reported. Charities sign in
// with their own keys and use the service's API, as their commands do.

import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../../server/main.ts";
import { formatAmount } from "../../server/programmes/currency.ts";
import { oldestUnpublished } from "../../server/store/books.ts";
import { backlog, type LineView, linesAfter } from "../../server/store/overview.ts";
import { CharityClient } from "../charity/client.ts";
import { signIn } from "../charity/sign-in.ts";
import type { Api } from "./api.ts";
import { settleByBank } from "./bank.ts";
import type { Party } from "./parties.ts";
import { step } from "./telling.ts";

const UNIT = "CNY";
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const ALL = 1_000;

const lines = ({ services }: Service) => linesAfter(services.sql, "", "", ALL, null);

/** Steps and minutes are lines too, and nobody is paid for them. */
const moneyLines = async (service: Service) => (await lines(service)).filter(({ unit }) => unit === UNIT);

/** Until every receipt is in an anchored batch, and the contract knows how much was given. */
export const waitUntilAnchored = (service: Service): Promise<void> =>
  step("sealed, read again, anchored, proven on chain", () => until("anchored", () => isAnchored(service)));

/** Until the charities' reports are timestamped too, and each batch has its book. */
export const waitUntilPublished = (service: Service): Promise<void> =>
  step("every batch published as a book", () => until("published", () => isPublished(service)));

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it took more than a minute until all was ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function isPublished({ services: { sql } }: Service): Promise<boolean> {
  const { unsealed_seconds, unanchored_seconds } = await backlog(sql);
  return (
    unsealed_seconds === null && unanchored_seconds === null && (await oldestUnpublished(sql)) === undefined
  );
}

async function isAnchored(service: Service): Promise<boolean> {
  const { unsealed_seconds, sealed_batches } = await backlog(service.services.sql);
  if (unsealed_seconds !== null || sealed_batches > 0) return false;
  const known = await lines(service);
  return known.every((line) => line.given === line.sealed_gifts && line.reversed === line.sealed_reversals);
}

export async function moveMoney(service: Service, api: Api, parties: readonly Party[]): Promise<void> {
  const known = await moneyLines(service);
  const total = known.reduce((sum, { given, reversed }) => sum + given - reversed, 0n);
  await step(`paid to ${parties.length} charities by bank: ${formatAmount(total, UNIT)}`, async () => {
    await settleByBank(api);
    await until("paid", () => isPaid(service));
  });
  const charities = await Promise.all(known.map((line) => charityAt(service, parties, line)));
  await step("acknowledged, signed with the charities' own keys", () => each(charities, acknowledge));
  await step("spent and reported", () => each(charities, disburse));
}

const each = <Item>(items: readonly Item[], work: (item: Item) => Promise<void>) =>
  Promise.all(items.map(work));

const isPaid = async (service: Service) =>
  (await moneyLines(service)).every(({ paid, given }) => paid === given);

/** A charity that has signed in, and its line. */
type Charity = Party & { readonly client: CharityClient; readonly line: LineView; readonly path: string };

async function charityAt({ url }: Service, parties: readonly Party[], line: LineView): Promise<Charity> {
  const party = parties.find(({ registration }) => registration === line.registration) as Party;
  const client = new CharityClient(url);
  await signIn(client, party.signer, new Date());
  return { ...party, client, line, path: `/v1/charities/${encodeURIComponent(party.registration)}` };
}

/** Signs for all that was paid. */
async function acknowledge({ client, signer, path }: Charity): Promise<void> {
  const { typedData } = (await client.get(`${path}/acknowledgement?unit=${UNIT}`)).body;
  const signature = await signer.signTypedData(typedData);
  await client.post(`${path}/acknowledgement`, { typedData, signature });
}

type Work = {
  readonly project: string;
  readonly what: string;
  readonly measure: string;
  readonly priceMinor: bigint;
};

/** What each charity does, and what one of it costs, in fen. */
const WORK: Record<string, Work> = {
  "CN-MCA-DEMO1": { project: "Free lunches", what: "hot lunches", measure: "meals", priceMinor: 400n },
  "CN-MCA-DEMO2": {
    project: "Hearing again",
    what: "batteries for hearing implants",
    measure: "batteries",
    priceMinor: 500n,
  },
  "CN-MCA-DEMO2/running-tracks": {
    project: "Running tracks",
    what: "running track",
    measure: "metres",
    priceMinor: 4_000n,
  },
};

function partOf({ project, what, measure, priceMinor }: Work, name: string, from: bigint, upTo: bigint) {
  const count = (upTo - from) / priceMinor + 1n;
  return {
    from: `${from}`,
    upTo: `${upTo}`,
    project,
    place: { country: "CN", name },
    bought: [{ what, count: `${count}`, measure }],
    beneficiaries: Number(count / 20n + 1n),
  };
}

/** Most of the line is spent; the rest is still in the charity's hands. */
async function disburse({ client, signer, path, line }: Charity): Promise<void> {
  const spent = (line.given * 9n) / 10n;
  const interval = { from: "0", upTo: `${spent}` };
  const half = spent / 2n;
  const work = WORK[line.registration] as Work;
  const parts = [partOf(work, "Yunnan", 0n, half), partOf(work, "Guizhou", half, spent)];
  const { hash, typedData } = (await client.post(`${path}/disbursements`, { unit: UNIT, ...interval, parts }))
    .body;
  const signature = await signer.signTypedData(typedData);
  await client.post(`${path}/disbursements/${hash}/signature`, { typedData, signature });
}
