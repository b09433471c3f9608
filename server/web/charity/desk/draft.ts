// A report as a person writes it, in amounts, and as it is sent, in positions that lie end to end. Pure.

import { isMoney, minorOf } from "../../../programmes/currency.ts";

export type ThingDraft = {
  readonly id: number;
  readonly what: string;
  readonly count: string;
  readonly measure: string;
};

export type PartDraft = {
  readonly id: number;
  /** A decimal in the currency. Of the last part it does not count: that takes the rest. */
  readonly amount: string;
  readonly project: string;
  readonly country: string;
  readonly place: string;
  /** A whole number; empty where it was not counted. */
  readonly people: string;
  readonly note: string;
  readonly bought: readonly ThingDraft[];
};

export type Draft = {
  readonly unit: string;
  /** Where the report begins: up to where spending was reported when it was begun. */
  readonly from: bigint;
  /** A decimal in the currency. */
  readonly total: string;
  readonly parts: readonly PartDraft[];
};

export const emptyThing = (id: number): ThingDraft => ({ id, what: "", count: "", measure: "" });

export const emptyPart = (id: number): PartDraft => ({
  ...{ id, amount: "", project: "", country: "", place: "", people: "", note: "" },
  bought: [emptyThing(0)],
});

/** An id that none of these has. */
export const nextId = (things: readonly { readonly id: number }[]): number =>
  things.reduce((most, { id }) => Math.max(most, id), -1) + 1;

/** Minor units of an amount as it is written in a form; undefined unless it is a whole number of them. */
export function minorInForm(text: string, unit: string): bigint | undefined {
  const plain = text.trim();
  if (isMoney(unit)) return minorOf(plain, unit);
  return /^[0-9]{1,18}$/.test(plain) ? BigInt(plain) : undefined;
}

const NO_POSITION = "";

/** The body that is sent. A position that cannot be told from what is written is left empty, which no check lets pass. */
export function reportOf({ unit, from, total, parts }: Draft) {
  const upTo = behind(from, total, unit);
  const ends = endsOf(parts, from, upTo, unit);
  return {
    unit,
    from: `${from}`,
    upTo: positionText(upTo),
    parts: parts.map((part, index) => partOf(part, index === 0 ? from : ends[index - 1], ends[index])),
  };
}

/** Where each part ends: the last where the report does. */
function endsOf(
  parts: readonly PartDraft[],
  from: bigint,
  upTo: bigint | undefined,
  unit: string,
): (bigint | undefined)[] {
  let at: bigint | undefined = from;
  return parts.map(({ amount }, index) => {
    at = index === parts.length - 1 ? upTo : behind(at, amount, unit);
    return at;
  });
}

function behind(from: bigint | undefined, amount: string, unit: string): bigint | undefined {
  const minor = minorInForm(amount, unit);
  return from === undefined || minor === undefined ? undefined : from + minor;
}

const positionText = (position: bigint | undefined): string =>
  position === undefined ? NO_POSITION : `${position}`;

const partOf = (
  { project, country, place, people, note, bought }: PartDraft,
  from: bigint | undefined,
  upTo: bigint | undefined,
) => ({
  from: positionText(from),
  upTo: positionText(upTo),
  project,
  place: { country, name: place },
  bought: bought.map(({ what, count, measure }) => ({ what, count: count.trim(), measure })),
  ...(people.trim() === "" ? {} : { beneficiaries: peopleIn(people.trim()) }),
  ...(note.trim() === "" ? {} : { note }),
});

/** As a number where it is one; as it is written it is refused, and told so, where it is none. */
const peopleIn = (text: string): number | string => (/^[0-9]{1,11}$/.test(text) ? Number(text) : text);

/** What is left for the last part; undefined while that cannot be told. */
export function restOf({ unit, total, parts }: Draft): bigint | undefined {
  const amounts = parts.slice(0, -1).map(({ amount }) => minorInForm(amount, unit));
  return amounts.reduce<bigint | undefined>(
    (rest, amount) => (rest === undefined || amount === undefined ? undefined : rest - amount),
    minorInForm(total, unit),
  );
}
