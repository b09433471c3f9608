// What counts as service, and for how much: one table, published as it stands. Counted in tenths of an hour, as the standard
// of "three hours" does; nothing here knows who served.

/** One tenth of an hour. */
export const TENTH_SECONDS = 360;
/** The line of volunteer time counts minutes. */
export const MINUTES_A_TENTH = 6n;
/** Three hours a person and year. */
export const GOAL_TENTHS = 30;

export const KINDS = ["offline", "blood", "tree", "step-gift", "gift"] as const;
export type ServiceKind = (typeof KINDS)[number];

export type KindRule = {
  /** What is counted: effective time, or pieces. */
  readonly by: "time" | "pieces";
  /** Tenths of an hour for one piece: 200 ml of blood, a tree, a gift; of time, for one tenth of an hour. */
  readonly tenths: number;
  /** The most pieces at one occasion. */
  readonly mostPieces: number;
  /** Kinds of one group share a cap; null for a kind without one. */
  readonly group: "gifts" | null;
};

export const RULES: Readonly<Record<ServiceKind, KindRule>> = {
  offline: { by: "time", tenths: 1, mostPieces: 0, group: null },
  // 400 ml is the most that is taken at once.
  blood: { by: "pieces", tenths: 40, mostPieces: 2, group: null },
  tree: { by: "pieces", tenths: 10, mostPieces: 100, group: null },
  "step-gift": { by: "pieces", tenths: 1, mostPieces: 1, group: "gifts" },
  gift: { by: "pieces", tenths: 1, mostPieces: 1, group: "gifts" },
};

/** The most that a group counts for in a year, in tenths. */
export const YEARLY_CAPS_TENTHS: Readonly<Record<"gifts", number>> = { gifts: 5 };
