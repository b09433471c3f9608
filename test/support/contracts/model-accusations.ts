// The rules of promises, challenges and faults once more, beside those of lines in model.ts: whose word counts until when, how
// a challenge ends, and which two statements no honest ledger holds.
import type { Statement } from "./reference.ts";

export type ChallengeState = "open" | "answered" | "breached" | "late";

const DAY_S = 86_400n;
export const FOR_EVER = 2n ** 48n - 1n;
const ANSWER_S = 7n * DAY_S;
const PROMISE_S = 7n * DAY_S;

export class AccusationsModel {
  /** The deadlines before which an account's word counts. */
  readonly until = new Map<string, bigint>();
  readonly challenges = new Map<string, { state: ChallengeState; dueAt: bigint }>();
  /** Lines at fault. */
  readonly faults = new Set<string>();
  succeeded = false;

  admit(byAdmin: boolean, promiser: string): boolean {
    if (byAdmin) this.until.set(promiser, FOR_EVER);
    return byAdmin;
  }

  retire(byAdmin: boolean, by: string, promiser: string, now: bigint): boolean {
    if ((!byAdmin && by !== promiser) || this.until.get(promiser) !== FOR_EVER) return false;
    this.until.set(promiser, now + PROMISE_S);
    return true;
  }

  challenge(
    opened: boolean,
    { id, deadline, signer }: { id: string; deadline: bigint; signer: string },
    paid: boolean,
    now: bigint,
  ): boolean {
    if (!opened || this.succeeded || !paid || now <= deadline || this.challenges.has(id)) return false;
    if (deadline >= (this.until.get(signer) ?? 0n)) return false;
    this.challenges.set(id, { state: "open", dueAt: now + ANSWER_S });
    return true;
  }

  /** `shown`: the receipt is, as promised, in a batch that is anchored. */
  answer(id: string, shown: boolean, now: bigint): boolean {
    const asked = this.challenges.get(id);
    if (!shown || (asked?.state !== "open" && asked?.state !== "breached")) return false;
    asked.state = now > asked.dueAt ? "late" : "answered";
    return true;
  }

  recordBreach(opened: boolean, byAdmin: boolean, id: string, now: bigint): boolean {
    const asked = this.challenges.get(id);
    if (opened && (asked?.state !== "open" || now <= asked.dueAt)) return false;
    if (!opened && !byAdmin) return false;
    this.challenges.set(id, { state: "breached", dueAt: asked?.dueAt ?? 0n });
    return true;
  }

  /** Bonds that the contract holds. */
  openChallenges(): bigint {
    return BigInt([...this.challenges.values()].filter(({ state }) => state === "open").length);
  }

  /** Of two anchored statements of one side of one line. */
  contradict(key: string, first: Statement, second: Statement): boolean {
    if (this.faults.has(key) || first.batch >= second.batch) return false;
    const follows = second.from >= first.to && second.previous >= first.batch;
    if (follows && (second.previous !== first.batch || second.from === first.to)) return false;
    this.faults.add(key);
    return true;
  }

  nameSuccessor(byAdmin: boolean, good: boolean): boolean {
    if (!byAdmin || !good || this.succeeded) return false;
    this.succeeded = true;
    return true;
  }
}
