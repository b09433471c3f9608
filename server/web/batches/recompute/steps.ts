// The steps that a recomputed book has passed, and those at which it fails: within itself, against what this site shows,
// and against the contract. Pure; how a step is worded is in the texts, under its name and reason.

import type { BookStatement } from "../../../books/book.ts";
import { type Flaw, recomputeNotices } from "../../../books/recompute.ts";
import { equalBytes, toHex, ZERO32 } from "../../../protocol/bytes.ts";
import type { RootReading } from "../../../verifier/follow.ts";
import type { Statement, WholeBatch } from "../queries.ts";
import type { ContractAnswer } from "./contract.ts";
import type { Recomputed, Refusal } from "./messages.ts";

export type StepName =
  | "fetched"
  | "opened"
  | "asked"
  | "statements"
  | "notices"
  | "root"
  | "site"
  | "ledger"
  | "anchored"
  | "previous";

export type Facts = Readonly<Record<string, string | bigint>>;

/** Something that is wrong in particular: at a statement, or of the whole book. `says` is the sentence of the audit. */
export type Particular = {
  readonly code: string;
  readonly says: string;
  readonly statement: Pick<BookStatement, "registration" | "charity" | "unit" | "kind"> | null;
};

/** `ok` is null where nothing could be told; `reason` names why, and is "ok" of a step that passed. */
export type CheckStep = {
  readonly step: StepName;
  readonly ok: boolean | null;
  readonly reason: string;
  readonly facts: Facts;
  readonly particulars: readonly Particular[];
};

/** What the page knows of the batch that it shows, if it shows one: its number, and what this site says of it. */
export type Shown = {
  readonly number: string | null;
  readonly batch: WholeBatch | undefined;
};

const passed = (step: StepName, facts: Facts = {}): CheckStep => ({
  ...{ step, ok: true, reason: "ok", facts },
  particulars: [],
});

const failed = (
  step: StepName,
  reason: string,
  facts: Facts = {},
  particulars: readonly Particular[] = [],
): CheckStep => ({ step, ok: false, reason, facts, particulars });

const untold = (step: StepName, reason: string, facts: Facts = {}): CheckStep => ({
  ...{ step, ok: null, reason, facts },
  particulars: [],
});

const outcome = (step: StepName, holds: boolean, reason: string, facts: Facts): CheckStep =>
  holds ? passed(step, facts) : failed(step, reason, facts);

/** There is no book to go on with. That none came says nothing against the batch; that one came damaged, much. */
export function stepsOfRefusal({ at, code, says, bytes }: Refusal): CheckStep[] {
  if (at === "fetched")
    return [{ ...untold("fetched", code), particulars: [{ code, says, statement: null }] }];
  const particulars = [{ code, says, statement: null }];
  return [passed("fetched", { bytes: BigInt(bytes) }), failed("opened", code, {}, particulars)];
}

/** All steps; `contract` is null while it is being read. */
export function stepsOf(book: Recomputed, shown: Shown, contract: ContractAnswer | null): CheckStep[] {
  const { batch, receipts, bytes } = book;
  return [
    passed("fetched", { bytes: BigInt(bytes) }),
    passed("opened", { batch, receipts }),
    ...askedSteps(book, shown),
    statementsStep(book),
    noticesStep(book),
    rootStep(book),
    ...siteSteps(book, shown),
    ...contractSteps(book, contract),
  ];
}

/** A book from disk may be any: the page says whether it is the one that it is about. */
function askedSteps({ batch }: Recomputed, { number }: Shown): CheckStep[] {
  if (number === null) return [];
  return [outcome("asked", `${batch}` === number, "another-batch", { batch, wanted: number })];
}

function statementsStep({ statements, flaws, receipts }: Recomputed): CheckStep {
  const facts = { count: BigInt(statements.length), receipts };
  const particulars = flaws.flatMap(({ statement, flaws: own }) =>
    own.map((flaw) => particularOf(flaw, statements[statement] as BookStatement)),
  );
  if (particulars.length === 0) return passed("statements", facts);
  return failed("statements", "altered", { ...facts, wrong: BigInt(flaws.length) }, particulars);
}

const particularOf = ({ code, says }: Flaw, statement: BookStatement | null): Particular => ({
  ...{ code, says, statement },
});

/** By themselves; whether the root before is that of the contract is seen when the contract has been read. */
function noticesStep(book: Recomputed): CheckStep {
  const own = book.notices.find(({ kind }) => kind === "previous")?.content ?? ZERO32;
  const flaws = recomputeNotices(book, own);
  if (flaws.length === 0) return passed("notices");
  return failed(
    "notices",
    "altered",
    {},
    flaws.map((flaw) => particularOf(flaw, null)),
  );
}

const rootStep = ({ root, namedRoot }: Recomputed): CheckStep =>
  outcome("root", equalBytes(root, namedRoot), "root-differs", {
    root: toHex(root),
    named: toHex(namedRoot),
  });

/** Whether this site shows the same as the book: nothing to compare before it is sealed, or without an answer. */
function siteSteps(book: Recomputed, { batch }: Shown): CheckStep[] {
  if (batch?.root == null || batch.number !== `${book.batch}`) return [];
  const wrong = differing(book.statements, batch.statements);
  const particulars = wrong.map((statement) => ({ code: "shown-differs", says: "", statement }));
  if (toHex(book.root) !== batch.root)
    return [failed("site", "root-differs", { root: toHex(book.root), shown: batch.root }, particulars)];
  if (wrong.length > 0 || book.statements.length !== batch.statements.length)
    return [failed("site", "statements-differ", {}, particulars)];
  return [passed("site")];
}

const keyOf = (charity: string, unit: string, kind: number) => `${charity} ${unit} ${kind}`;

function differing(ofBook: readonly BookStatement[], ofSite: readonly Statement[]): BookStatement[] {
  const shown = new Map(ofSite.map((one) => [keyOf(one.charity, one.unit, one.kind), one]));
  return ofBook.filter((one) => {
    const other = shown.get(keyOf(toHex(one.charity), one.unit, one.kind));
    return other === undefined || !isSame(one, other);
  });
}

const isSame = (ours: BookStatement, theirs: Statement): boolean =>
  `${ours.from}` === theirs.from &&
  `${ours.to}` === theirs.to &&
  `${ours.receipts}` === theirs.receipts &&
  `${ours.previous}` === theirs.previous &&
  toHex(ours.receiptsRoot) === theirs.receiptsRoot;

function contractSteps(book: Recomputed, contract: ContractAnswer | null): CheckStep[] {
  if (contract === null) return [];
  if (contract.kind === "unread") {
    const particulars =
      contract.says === "" ? [] : [{ code: contract.reason, says: contract.says, statement: null }];
    return [{ ...untold("anchored", contract.reason), particulars }];
  }
  const { reading } = contract;
  if (!equalBytes(reading.ledger, book.ledger))
    return [failed("ledger", "another-ledger", { ledger: toHex(book.ledger), kept: toHex(reading.ledger) })];
  return [passed("ledger"), ...anchoredSteps(book, reading)];
}

function anchoredSteps(book: Recomputed, reading: RootReading): CheckStep[] {
  const { root, batch } = book;
  const facts = { batch, root: toHex(root), kept: toHex(reading.root) };
  if (equalBytes(reading.root, ZERO32)) return [untold("anchored", "not-anchored", facts)];
  if (isRewritten(reading, batch)) return [failed("anchored", "rewritten", facts)];
  const flaws = recomputeNotices(book, reading.previousRoot).filter(({ code }) =>
    code.startsWith("previous"),
  );
  const particulars = flaws.map((flaw) => particularOf(flaw, null));
  return [
    outcome("anchored", equalBytes(root, reading.root), "root-differs", facts),
    flaws.length === 0 ? passed("previous") : failed("previous", "previous-differs", {}, particulars),
  ];
}

/** A ledger that moved carried its history along: its successors keep the same roots, and are of the same ledger. */
const isRewritten = ({ root, ledger, successors }: RootReading, batch: bigint): boolean =>
  successors.some(
    (one) => !equalBytes(one.ledger, ledger) || (batch <= one.lastGoodBatch && !equalBytes(one.root, root)),
  );

export type Verdict = "good" | "bad" | "open";

export function verdictOf(steps: readonly CheckStep[]): Verdict {
  if (steps.some(({ ok }) => ok === false)) return "bad";
  const isCompared = steps.some(({ step, ok }) => step === "anchored" && ok === true);
  return isCompared ? "good" : "open";
}
