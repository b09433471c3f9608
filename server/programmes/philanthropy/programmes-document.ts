// The document `amanah-programmes/1`: what the receipts of consecutive batches come to by programme, and by those merchants
// that show their totals, as the receipts' own details say. Its sums are bounded by the batches' statements, which the audit
// holds it against; which receipt belongs to which programme is told by the receipt itself, to whoever holds it.

import { z } from "zod";
import type { Hex } from "../../protocol/bytes.ts";
import { amountMinor } from "../fields.ts";

export const PROGRAMMES_FORMAT = "amanah-programmes/1";

/** Of receipts whose details were erased before they were counted. */
export const UNKNOWN_PROGRAMME = "unknown";

/** Merchants that are named in one document; those who gave less stand among all others. */
export const MOST_MERCHANTS = 1_000;

const sum = z.strictObject({ receipts: amountMinor, amount: amountMinor });

const row = {
  charity: z.string(),
  unit: z.string(),
  gifts: sum,
  reversals: sum,
};

export const programmesDocumentSchema = z.strictObject({
  format: z.literal(PROGRAMMES_FORMAT),
  ledger: z.string(),
  fromBatch: amountMinor,
  toBatch: amountMinor,
  programmes: z.array(z.strictObject({ programme: z.string(), ...row })),
  /** Only those that show their totals to everyone. */
  merchants: z.array(z.strictObject({ merchant: z.string(), ...row })),
});

export type ProgrammesDocument = z.output<typeof programmesDocumentSchema>;
export type ProgrammeSum = z.output<typeof sum>;

/** With its hash: what a report adds up, and points at. */
export type PublishedProgrammes = { readonly hash: Hex; readonly document: ProgrammesDocument };

/** What a document says of one side of a line, against what the statements of its batches say. */
export type SideSum = { readonly receipts: bigint; readonly amount: bigint };

/** Charity, unit and side as one word. */
export const sideKey = ({ charity, unit }: { charity: string; unit: string }, kind: number): string =>
  `${charity} ${unit} ${kind}`;

/**
 * In what a document contradicts the statements of its batches, by `sideKey`: empty when each side of each line adds up
 * exactly by programme, and merchants come to no more.
 */
export function contradictionsOf(
  { programmes, merchants }: ProgrammesDocument,
  stated: ReadonlyMap<string, SideSum>,
): string[] {
  const [told, named] = [sidesOf(programmes), sidesOf(merchants)];
  const keys = [...new Set([...told.keys(), ...named.keys(), ...stated.keys()])].sort();
  return keys.flatMap((key) => {
    const [says, shown, wanted] = [told, named, stated].map((sides) => sides.get(key) ?? NOTHING) as Three;
    const where = key.replace(/ 0$/, " (gifts)").replace(/ 1$/, " (reversals)");
    if (says.amount !== wanted.amount || says.receipts !== wanted.receipts)
      return [
        `${where}: ${says.amount} in ${says.receipts} receipts by programme, ${wanted.amount} in ${wanted.receipts} in the books`,
      ];
    if (shown.amount <= wanted.amount && shown.receipts <= wanted.receipts) return [];
    return [`${where}: ${shown.amount} by merchants of ${wanted.amount} in the books`];
  });
}

type Three = [SideSum, SideSum, SideSum];
const NOTHING: SideSum = { receipts: 0n, amount: 0n };

function sidesOf(rows: readonly z.output<z.ZodObject<typeof row>>[]): Map<string, SideSum> {
  const sides = new Map<string, SideSum>();
  for (const one of rows)
    for (const [kind, { receipts, amount }] of [one.gifts, one.reversals].entries()) {
      if (receipts === "0" && amount === "0") continue;
      const before = sides.get(sideKey(one, kind)) ?? NOTHING;
      const after = { receipts: before.receipts + BigInt(receipts), amount: before.amount + BigInt(amount) };
      sides.set(sideKey(one, kind), after);
    }
  return sides;
}
