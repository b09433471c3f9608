// The life of a receipt, from the purchase to what its money became: which stages it has passed, by whose word, and when. Pure.

import type { Hex } from "viem";
import { GIFT } from "../../protocol/receipt.ts";
import type { Line, Verification } from "../../protocol/verification.ts";
import { unixTime } from "../units/time.ts";
import type { Report, Story } from "./queries.ts";

export type StageName = "recorded" | "anchored" | "paid" | "acknowledged" | "spent" | "reversed" | "netted";

/** The reason with which a verification ends where the contract keeps a fault of the line. */
export const LINE_AT_FAULT = "line-at-fault";

/** `claimed`: paid as the operator says, and not signed for yet. `unknown`: nobody could be asked. */
export type StageState = "done" | "claimed" | "waiting" | "unknown";

/** Whose word it is: hashed in the receipt, read from the contract, or told by the site. */
export type Word = "receipt" | "contract" | "site";

export type Stage = {
  readonly name: StageName;
  readonly state: StageState;
  readonly word: Word | null;
  /** When, by the receipt itself or the site. */
  readonly at: Date | string | null;
  readonly transaction: Hex | null;
  /** Since the money is said to be on its way. */
  readonly ageSeconds: number | null;
  readonly reports: readonly Report[];
};

const NOTHING = { at: null, transaction: null, ageSeconds: null, reports: [] } as const;

/** @param line the contract's, null when it was not read */
export function lifeOf(verification: Verification, line: Line | null, story: Story): readonly Stage[] {
  const { file } = verification;
  if (file === null) return [];
  const { kind, acceptedAt } = file.receipt;
  const recorded: Stage = {
    ...NOTHING,
    name: "recorded",
    state: "done",
    word: acceptedAt === 0n ? "site" : "receipt",
    at: acceptedAt === 0n ? null : unixTime(acceptedAt),
  };
  const marks =
    kind === GIFT ? (["paid", "acknowledged", "spent"] as const) : (["reversed", "netted"] as const);
  return [
    recorded,
    anchoredOf(verification, story),
    ...marks.map((name) => markOf(name, verification, line, story)),
  ];
}

function anchoredOf({ steps }: Verification, { batch, status }: Story): Stage {
  const step = steps.find(({ step }) => step === "anchored");
  const told = { ...NOTHING, at: batch?.anchoredAt ?? null, transaction: batch?.transaction ?? null };
  if (step?.ok === true) return { ...told, name: "anchored", state: "done", word: "contract" };
  if (step !== undefined) return { ...NOTHING, name: "anchored", state: "waiting", word: "contract" };
  if (status === null) return { ...NOTHING, name: "anchored", state: "unknown", word: null };
  const isSaid = status.stage === "anchored" || status.stage === "final";
  return { ...(isSaid ? told : NOTHING), name: "anchored", state: isSaid ? "done" : "waiting", word: "site" };
}

const ORDER = ["given", "paid", "acknowledged", "spent"] as const;

function markOf(
  name: "paid" | "acknowledged" | "spent" | "reversed" | "netted",
  { position }: Verification,
  line: Line | null,
  story: Story,
): Stage {
  const told = toldOf(name, story);
  if (line !== null && position !== null) {
    const isDone = line[name] >= position.end;
    const isClaimed = name === "paid" && isDone && line.acknowledged < position.end && isByBank(story);
    const state = isClaimed ? "claimed" : isDone ? "done" : "waiting";
    return { ...(isDone ? told : NOTHING), name, state, word: "contract" };
  }
  if (story.status === null) return { ...NOTHING, name, state: "unknown", word: null };
  const isSaid = hasReached(story.status.money, name);
  const state = !isSaid ? "waiting" : name === "paid" && story.status.payout?.claimed ? "claimed" : "done";
  return { ...(isSaid ? told : NOTHING), name, state, word: "site" };
}

/** A transfer by token is seen on chain; one by bank, or of which nothing is known, is the operator's word. */
const isByBank = ({ status }: Story): boolean => status?.payout?.rail !== "token";

function hasReached(money: string | null, name: string): boolean {
  const [reached, wanted] = [ORDER.indexOf(money as "paid"), ORDER.indexOf(name as "paid")];
  return wanted < 0 ? money === name || (name === "reversed" && money === "netted") : reached >= wanted;
}

function toldOf(
  name: string,
  { status }: Story,
): Pick<Stage, "at" | "transaction" | "ageSeconds" | "reports"> {
  const { payout = null, acknowledgement = null, reports = [] } = status ?? {};
  if (name === "paid" && payout !== null)
    return {
      at: payout.paidAt,
      transaction: payout.transaction,
      ageSeconds: payout.ageSeconds,
      reports: [],
    };
  if (name === "acknowledged" && acknowledgement !== null)
    return { ...NOTHING, at: acknowledgement.signedAt, transaction: acknowledgement.transaction };
  const [first] = reports;
  if (name === "spent" && first !== undefined)
    return { ...NOTHING, at: first.reportedAt, transaction: first.transaction, reports };
  return NOTHING;
}
