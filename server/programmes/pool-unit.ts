// The unit in which money is committed to a pool. What is committed lies on a line of its own, in a unit that is no currency:
// everybody sees it before anyone walks, and it is given in money once, when steps are converted. As money at once it would be
// given twice, and paid twice.

const PREFIX = "POOL-";

export const poolUnit = (money: string): string => `${PREFIX}${money}`;

export const isCommitted = (unit: string): boolean => unit.startsWith(PREFIX);

/** The currency of a unit of committed money. */
export const moneyOf = (unit: string): string => unit.slice(PREFIX.length);
