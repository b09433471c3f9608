// Sums over the parts of spending reports: how much of the money went to which country, and how many of what it bought.
// Exact: counts are decimals of any size, shares add up to a hundred.

import type { ReportedPart } from "../store/iati-activities.ts";

type Told = readonly Pick<ReportedPart, "told">[];

export type CountryShare = { readonly country: string; readonly percentage: string };

/** Hundredths of a percent. */
const WHOLE = 10_000n;

/** Each country's share of the money, to two decimals; what rounding leaves goes to the largest remainders. */
export function countryShares(parts: Told): CountryShare[] {
  const sums = new Map<string, bigint>();
  for (const { told } of parts) add(sums, told.place.country, BigInt(told.upTo) - BigInt(told.from));
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0n);
  const shares = [...sums].map(([country, sum]) => ({
    ...{ country, hundredths: (sum * WHOLE) / total, rest: (sum * WHOLE) % total },
  }));
  let left = WHOLE - shares.reduce((sum, { hundredths }) => sum + hundredths, 0n);
  for (const share of [...shares].sort((a, b) => (a.rest < b.rest ? 1 : -1))) {
    if (left === 0n) break;
    share.hundredths += 1n;
    left -= 1n;
  }
  return shares
    .filter(({ hundredths }) => hundredths > 0n)
    .map(({ country, hundredths }) => ({ country, percentage: decimal(hundredths, 2) }));
}

export type Outcome = { readonly what: string; readonly measure: string; readonly count: string };

const DECIMALS = 6;

/** How many of each thing, by its name and measure, in the order in which they were told first. */
export function outcomesOf(parts: Told): Outcome[] {
  const sums = new Map<string, bigint>();
  for (const { what, measure, count } of parts.flatMap(({ told }) => told.bought))
    add(sums, JSON.stringify([what, measure]), millionths(count));
  return [...sums].map(([name, sum]) => {
    const [what, measure] = JSON.parse(name) as [string, string];
    return { what, measure, count: decimal(sum, DECIMALS) };
  });
}

function add(sums: Map<string, bigint>, name: string, more: bigint): void {
  sums.set(name, (sums.get(name) ?? 0n) + more);
}

function millionths(count: string): bigint {
  const [whole, fraction = ""] = count.split(".") as [string, string?];
  return BigInt(whole + fraction.padEnd(DECIMALS, "0"));
}

/** Without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = `${value}`.padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${fraction}`;
}
