// What charities' signed reports of a period say became of the money: by region, by what it became, and for how many people.

import { z } from "zod";
import type { Hex } from "../../protocol/bytes.ts";
import { amountMinor } from "../fields.ts";
import type { Reported, ReportedPart } from "./facts.ts";

const partSchema = z.object({
  from: amountMinor,
  upTo: amountMinor,
  place: z.object({ country: z.string(), name: z.string() }),
  bought: z.array(
    z.object({
      what: z.string(),
      count: z.string().regex(/^[0-9]{1,15}(\.[0-9]{1,6})?$/),
      measure: z.string(),
    }),
  ),
  beneficiaries: z.int().min(0).optional(),
});
const documentSchema = z.object({ parts: z.array(partSchema) });

/** The parts of a published spending report, as far as a report on many tells of them; null when it tells none. */
export function reportedParts(body: string | null): readonly ReportedPart[] | null {
  const read = documentSchema.safeParse(body === null ? null : jsonOrNull(body));
  return read.success ? read.data.parts : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Money that was spent in a country, or in one place of it; `reports` are the hashes of the documents that say so. */
export type Region = {
  readonly country: string;
  /** Null for the whole country. */
  readonly place: string | null;
  readonly unit: string;
  readonly amount: string;
  /** Over the parts that name how many, null where none does; someone who is in two of them counts twice. */
  readonly beneficiaries: string | null;
  readonly reports: readonly Hex[];
};

/** What was bought or done: `count` is an exact decimal. */
export type Outcome = {
  readonly what: string;
  readonly measure: string;
  readonly count: string;
  readonly reports: readonly Hex[];
};

export type Spending = {
  readonly reports: readonly {
    readonly hash: Hex;
    readonly charity: string;
    readonly unit: string;
    readonly from: string;
    readonly upTo: string;
    readonly at: string;
    readonly transaction: Hex;
  }[];
  readonly regions: readonly Region[];
  readonly outcomes: readonly Outcome[];
  readonly beneficiaries: {
    readonly people: string;
    /** Parts of reports that name how many people, and those that do not. */
    readonly partsThatTell: string;
    readonly partsThatDoNot: string;
  };
};

type Part = ReportedPart & { readonly unit: string; readonly hash: Hex };

export function spendingOf(reported: readonly Reported[]): Spending {
  const inOrder = reported.toSorted((a, b) => compare(keyOf(a), keyOf(b)) || Number(a.from - b.from));
  const parts: Part[] = inOrder.flatMap(({ parts, unit, evidence }) =>
    (parts ?? []).map((part) => ({ ...part, unit, hash: evidence })),
  );
  return {
    reports: inOrder.map(({ evidence, charity, unit, from, upTo, at, transaction }) => ({
      ...{ hash: evidence, charity, unit, from: `${from}`, upTo: `${upTo}`, at: `${at}`, transaction },
    })),
    regions: regionsOf(parts),
    outcomes: outcomesOf(parts),
    beneficiaries: peopleIn(parts),
  };
}

const keyOf = ({ charity, unit }: Reported) => `${charity} ${unit}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Those of one key together, in the order of the keys. */
function grouped<Item>(items: Iterable<Item>, keyOfItem: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

const reportsOf = (parts: readonly { readonly hash: Hex }[]): Hex[] => [
  ...new Set(parts.map(({ hash }) => hash)),
];

const people = (parts: readonly Part[]): bigint =>
  parts.reduce((sum, { beneficiaries }) => sum + BigInt(beneficiaries ?? 0), 0n);

function regionsOf(parts: readonly Part[]): Region[] {
  const countries = grouped(parts, ({ place, unit }) => JSON.stringify([place.country, unit]));
  return countries.flatMap((inCountry) => [
    regionOf(inCountry, null),
    ...grouped(inCountry, ({ place }) => place.name).map((inPlace) =>
      regionOf(inPlace, inPlace[0]?.place.name ?? null),
    ),
  ]);
}

function regionOf(parts: readonly Part[], place: string | null): Region {
  const [first] = parts as [Part];
  const amount = parts.reduce((sum, { from, upTo }) => sum + BigInt(upTo) - BigInt(from), 0n);
  const isTold = parts.some(({ beneficiaries }) => beneficiaries !== undefined);
  const beneficiaries = isTold ? `${people(parts)}` : null;
  const where = { country: first.place.country, place, unit: first.unit };
  return { ...where, amount: `${amount}`, beneficiaries, reports: reportsOf(parts) };
}

function outcomesOf(parts: readonly Part[]): Outcome[] {
  const things = parts.flatMap(({ bought, hash }) => bought.map((thing) => ({ ...thing, hash })));
  return grouped(things, ({ what, measure }) => JSON.stringify([what, measure])).map((same) => {
    const [{ what, measure }] = same as [(typeof things)[number]];
    const millionths = same.reduce((sum, { count }) => sum + toMillionths(count), 0n);
    return { what, measure, count: fromMillionths(millionths), reports: reportsOf(same) };
  });
}

const DECIMALS = 6;
const MILLION = 10n ** BigInt(DECIMALS);

/** Reports write counts with at most six decimals: sums of them are exact. */
function toMillionths(count: string): bigint {
  const [whole = "0", decimals = ""] = count.split(".");
  return BigInt(whole) * MILLION + BigInt(decimals.padEnd(DECIMALS, "0"));
}

function fromMillionths(value: bigint): string {
  const decimals = `${value % MILLION}`.padStart(DECIMALS, "0").replace(/0+$/, "");
  return decimals === "" ? `${value / MILLION}` : `${value / MILLION}.${decimals}`;
}

function peopleIn(parts: readonly Part[]): Spending["beneficiaries"] {
  const telling = parts.filter(({ beneficiaries }) => beneficiaries !== undefined).length;
  return {
    people: `${people(parts)}`,
    partsThatTell: `${telling}`,
    partsThatDoNot: `${parts.length - telling}`,
  };
}
