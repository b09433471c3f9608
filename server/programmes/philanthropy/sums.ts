// A period's gifts shared out by programme, or by merchant: what the programmes documents of its batches say, and beside it
// whatever of the period they do not tell, so that each unit comes to exactly what its statements come to.

import type { Hex } from "../../protocol/bytes.ts";
import type { ProgrammeSum, PublishedProgrammes } from "./programmes-document.ts";

/** The name is null for all others together: merchants that do not show their totals, gifts of which no document tells. */
export type ShareRow<Name extends string> = { readonly [Key in Name]: string | null } & {
  readonly unit: string;
  readonly gifts: ProgrammeSum;
  readonly reversals: ProgrammeSum;
};

export type Shared<Name extends string> = {
  readonly documents: readonly { readonly hash: Hex; readonly fromBatch: string; readonly toBatch: string }[];
  readonly rows: readonly ShareRow<Name>[];
};

type UnitSums = { readonly unit: string } & Readonly<
  Record<"gifts" | "given" | "reversals" | "reversed", string>
>;
type Sum = [receipts: bigint, amount: bigint];
type Sums = { readonly gifts: Sum; readonly reversals: Sum };

export function sharedBy<Name extends "programme" | "merchant">(
  name: Name,
  published: readonly PublishedProgrammes[],
  units: readonly UnitSums[],
): Shared<Name> {
  const inOrder = published.toSorted((a, b) =>
    Number(BigInt(a.document.fromBatch) - BigInt(b.document.fromBatch)),
  );
  return {
    documents: inOrder.map(({ hash, document: { fromBatch, toBatch } }) => ({ hash, fromBatch, toBatch })),
    rows: units.flatMap((unit) => rowsOf(name, inOrder, unit)),
  };
}

function rowsOf<Name extends "programme" | "merchant">(
  name: Name,
  published: readonly PublishedProgrammes[],
  unit: UnitSums,
): ShareRow<Name>[] {
  const sums = sumsOf(name, published, unit.unit);
  const named = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = named.map(([key, sum]) => rowOf(name, key, unit.unit, sum));
  const rest = restOf(unit, [...sums.values()]);
  return isNothing(rest) ? rows : [...rows, rowOf(name, null, unit.unit, rest)];
}

function sumsOf(
  name: "programme" | "merchant",
  published: readonly PublishedProgrammes[],
  unit: string,
): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { document } of published) {
    const rows = name === "programme" ? document.programmes : document.merchants;
    for (const row of rows) {
      if (row.unit !== unit) continue;
      const key = "programme" in row ? row.programme : row.merchant;
      const sum = sums.get(key) ?? nothing();
      for (const side of ["gifts", "reversals"] as const) {
        sum[side][0] += BigInt(row[side].receipts);
        sum[side][1] += BigInt(row[side].amount);
      }
      sums.set(key, sum);
    }
  }
  return sums;
}

const nothing = (): Sums => ({ gifts: [0n, 0n], reversals: [0n, 0n] });

const isNothing = ({ gifts, reversals }: Sums): boolean =>
  [...gifts, ...reversals].every((figure) => figure === 0n);

function restOf({ gifts, given, reversals, reversed }: UnitSums, named: readonly Sums[]): Sums {
  const rest: Sums = {
    gifts: [BigInt(gifts), BigInt(given)],
    reversals: [BigInt(reversals), BigInt(reversed)],
  };
  for (const sum of named)
    for (const side of ["gifts", "reversals"] as const) {
      rest[side][0] -= sum[side][0];
      rest[side][1] -= sum[side][1];
    }
  return rest;
}

const rowOf = <Name extends string>(name: Name, key: string | null, unit: string, sums: Sums) =>
  ({
    [name]: key,
    unit,
    gifts: { receipts: `${sums.gifts[0]}`, amount: `${sums.gifts[1]}` },
    reversals: { receipts: `${sums.reversals[0]}`, amount: `${sums.reversals[1]}` },
  }) as ShareRow<Name>;
