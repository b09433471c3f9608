// Hashes and accounts, short enough to be read beside a text. Pure.

const SHOWN_DIGITS = 8;

/** The first and last digits: "0x69ed1234…5678abcd"; what is short already stays as it is. */
export const shortHex = (hex: string): string =>
  hex.length <= 2 * SHOWN_DIGITS + 4 ? hex : `${hex.slice(0, SHOWN_DIGITS + 2)}…${hex.slice(-SHOWN_DIGITS)}`;
