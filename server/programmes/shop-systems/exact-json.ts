// JSON as a shop's system has written it, digit by digit: its numbers stay text. Their order numbers pass 2^53, and some of
// their amounts are JSON numbers, which must not go through a float.

/** Throws `SyntaxError`. */
export const exactJson = (json: string): unknown => JSON.parse(json, keepDigits);

const keepDigits = (_: string, value: unknown, context?: { readonly source: string }): unknown =>
  typeof value === "number" ? context?.source : value;
