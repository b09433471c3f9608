// A small ledger of three anchored batches and one that is not, played for the vectors: files of every kind and the
// contract's state that they are compared with.

import { toHex, ZERO32 } from "../../server/protocol/bytes.ts";
import type { Details } from "../../server/protocol/details.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT, type Kind, REVERSAL, type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import type { LedgerReading, Line, Verification } from "../../server/protocol/verify.ts";
import { bytesOf, makeReceipt, type SealedBatch, type Side, sealBatch } from "../protocol/making.ts";

/** `roots` by batch; `lines` by `charity/unit`, hex and plain name. */
export type Ledger = {
  ledger: OpenedReceipt["ledger"];
  batches: SealedBatch[];
  roots: Map<string, Uint8Array>;
  lines: Record<string, Line>;
  files: { name: string; file: OpenedReceipt }[];
};

const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };
const CHARITY = charityId("GB-CHC-1164883");
const LUNCHES = charityId("GB-CHC-1164883/lunches");
const NO_LINE: Line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };

export function playLedger(): Ledger {
  const batches = playBatches();
  const anchored = batches.slice(0, 3).map(({ root }, i) => [`${i + 1}`, root] as const);
  return {
    ledger: LEDGER,
    batches,
    roots: new Map(anchored),
    lines: linesOf(batches),
    files: filesOf(batches),
  };
}

/** What a reader of this ledger's contract reads for a file, whatever the file claims. */
export function readingOf(
  { ledger, roots, lines }: Ledger,
  { batch, position }: Verification,
): LedgerReading {
  const line = position === null ? undefined : lines[`${toHex(position.charity)}/${position.unit}`];
  return { ledger: ledger.id, root: roots.get(`${batch}`) ?? ZERO32, line: line ?? NO_LINE };
}

function playBatches(): SealedBatch[] {
  const first = sealBatch(
    LEDGER,
    1n,
    [
      side(1n, CHARITY, "CNY", GIFT, 5),
      side(1n, LUNCHES, "CNY", GIFT, 3),
      side(1n, CHARITY, "STEP", GIFT, 1),
    ],
    LEDGER.id,
  );
  const takenBack = first.files.slice(1, 4).map(({ receipt }) => receiptLeaf(LEDGER.id, receipt));
  const second = sealBatch(
    LEDGER,
    2n,
    [
      side(2n, CHARITY, "CNY", GIFT, 8, first),
      side(2n, CHARITY, "CNY", REVERSAL, 2, null, takenBack.slice(0, 2)),
      side(2n, LUNCHES, "CNY", GIFT, 1, first),
    ],
    first.root,
  );
  const third = sealBatch(
    LEDGER,
    3n,
    [
      side(3n, CHARITY, "CNY", GIFT, 7, second),
      side(3n, CHARITY, "CNY", REVERSAL, 1, second, takenBack.slice(2)),
    ],
    second.root,
  );
  const fourth = sealBatch(LEDGER, 4n, [side(4n, LUNCHES, "CNY", GIFT, 2, second)], third.root);
  return [first, second, third, fourth];
}

/** `count` receipts behind the line's statement in batch `before`; reversals name the leaves given as `terms`. */
function side(
  batch: bigint,
  charity: Uint8Array,
  unit: string,
  kind: Kind,
  count: number,
  before: SealedBatch | null = null,
  terms: Uint8Array[] = [],
): Side {
  const last = before?.statements.find(
    (each) => toHex(each.charity) === toHex(charity) && each.kind === kind,
  );
  const entries = Array.from({ length: count }, (_, i) => {
    const label = `${batch} ${toHex(charity)} ${unit} ${kind} ${i}`;
    const details: Details = {
      programme: kind === GIFT ? "goods-for-good" : "refund",
      merchant: "tea-house",
      order: `${batch}00${i}`,
      gross: `${(i + 1) * 5000}`,
      nonce: toHex(bytesOf(`${label} nonce`, 16)).slice(2),
    };
    const given: Partial<Receipt> = {
      charity,
      unit,
      kind,
      amount: BigInt(kind === GIFT ? (i + 1) * 50 : 40),
    };
    return {
      receipt: makeReceipt(label, details, { ...given, ...(terms[i] && { terms: terms[i] }) }),
      details,
    };
  });
  return { charity, unit, kind, from: last?.to ?? 0n, previous: last?.batch ?? 0n, entries };
}

function linesOf([first, second, third]: SealedBatch[]): Record<string, Line> {
  const [spent, acknowledged, given] = [first, second, third].map((batch) => batch!.statements[0]!.to);
  const netted = second!.statements[1]!.to;
  const reversed = third!.statements[1]!.to;
  const lunches = { given: second!.statements[2]!.to, paid: first!.statements[1]!.to };
  return {
    [`${toHex(CHARITY)}/CNY`]: {
      given: given!,
      reversed,
      paid: acknowledged!,
      netted,
      acknowledged: acknowledged!,
      spent: spent!,
    },
    [`${toHex(LUNCHES)}/CNY`]: { ...NO_LINE, ...lunches },
  };
}

function filesOf([first, second, third, fourth]: SealedBatch[]): Ledger["files"] {
  const gift = third!.files[2]!;
  return [
    { name: "first gift of a line, spent", file: first!.files[0]! },
    { name: "last gift of five, moved up twice", file: first!.files[4]! },
    { name: "gift of another charity, paid", file: first!.files[5]! },
    { name: "steps, anchored and not counted yet", file: first!.files[8]! },
    { name: "gift amid eight, acknowledged", file: second!.files[3]! },
    { name: "netted reversal", file: second!.files[8]! },
    { name: "only gift of its statement", file: second!.files[10]! },
    { name: "gift", file: gift },
    { name: "last gift of seven", file: third!.files[6]! },
    { name: "reversal", file: third!.files[7]! },
    { name: "gift with erased details", file: { ...gift, details: null } },
    { name: "gift that is not sealed", file: { ...gift, seal: null, expected: 1_790_000_120n } },
    { name: "gift in a batch that is not anchored", file: fourth!.files[0]! },
  ];
}
