// What a gift comes to in things: at ¥4 a lunch a gift of ¥13 is 3 1/4 lunches. Exact, as whole and reduced fraction. Pure.

/** `numerator` below `denominator`, which is 1 where nothing is left over. */
export type Portions = { readonly whole: bigint; readonly numerator: bigint; readonly denominator: bigint };

/** How many things an amount pays for. @param costs of one, in minor units, at least 1 */
export function portionsOf(amount: bigint, costs: bigint): Portions {
  const rest = amount % costs;
  const common = commonDivisor(rest, costs);
  return { whole: amount / costs, numerator: rest / common, denominator: costs / common };
}

const commonDivisor = (a: bigint, b: bigint): bigint => (a === 0n ? b : commonDivisor(b % a, a));

/** What an amount pays for together with what another pays for of the same thing at another price. */
export function addPortions(a: Portions, b: Portions): Portions {
  const denominator = a.denominator * b.denominator;
  const over = ({ whole, numerator, denominator: own }: Portions) =>
    (whole * own + numerator) * (denominator / own);
  return portionsOf(over(a) + over(b), denominator);
}

export const NO_PORTIONS: Portions = { whole: 0n, numerator: 0n, denominator: 1n };

/** The members of a gift's details that say it, each a plain value. */
export const portionDetails = (what: string, { whole, numerator, denominator }: Portions) => ({
  outcome: what,
  outcomeWhole: `${whole}`,
  outcomeNumerator: `${numerator}`,
  outcomeDenominator: `${denominator}`,
});
