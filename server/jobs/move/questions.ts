// Everything that the two contracts of a ledger that moves must agree on, as questions to both. Pure.

import { nameOfUnit, unitOf } from "../../chain/encode.ts";
import type { Question } from "../../chain/ledger-questions.ts";
import { type Hex, toHex } from "../../protocol/bytes.ts";
import type { LineName } from "../../store/lines.ts";
import { eventsNamed, type Testimony } from "./testimony.ts";

export type Subject = "roots" | "lines" | "payouts" | "charities" | "faults" | "breaches" | "promise keys";

export type Compared = {
  readonly subject: Subject;
  /** What is asked about, for whoever reads of a difference. */
  readonly name: string;
  readonly question: Question;
};

export function* rootQuestions(first: bigint, last: bigint): Generator<Compared> {
  for (let batch = first; batch <= last; batch++)
    yield { subject: "roots", name: `batch ${batch}`, question: { functionName: "root", args: [batch] } };
}

export const lineQuestion = ({ charity, unit }: LineName): Compared => ({
  subject: "lines",
  name: `line ${toHex(charity)} ${unit}`,
  question: { functionName: "line", args: [toHex(charity), unitOf(unit)] },
});

export const faultQuestion = ({ charity, unit }: LineName): Compared => ({
  subject: "faults",
  name: `line ${toHex(charity)} ${unit}`,
  question: { functionName: "faultOf", args: [toHex(charity), unitOf(unit)] },
});

/** What events tell of beside lines and roots. */
export function* questionsOf({ events }: Testimony): Generator<Compared> {
  for (const { args } of eventsNamed(events, "Paid")) {
    const name = `payout of line ${args.charity} ${nameOfUnit(args.unit)} up to ${args.upTo}`;
    const question = { functionName: "payoutEnd", args: [args.charity, args.unit, args.upTo] } as const;
    yield { subject: "payouts", name, question };
  }
  for (const { args } of eventsNamed(events, "CharityRegistered"))
    yield about("charities", `charity ${args.charity}`, "charityOf", args.charity);
  for (const id of new Set(eventsNamed(events, "BreachRecorded").map(({ args }) => args.promiseId)))
    yield about("breaches", `promise ${id}`, "challengeOf", id);
  for (const account of new Set(eventsNamed(events, "PromiserSet").map(({ args }) => args.promiser)))
    yield about("promise keys", `account ${account}`, "promiserUntil", account);
}

const about = (
  subject: Subject,
  name: string,
  functionName: Question["functionName"],
  arg: Hex,
): Compared => ({
  subject,
  name,
  question: { functionName, args: [arg] },
});
