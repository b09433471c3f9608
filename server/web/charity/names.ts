// Countries and counts as people read them, in their language. Pure.

/** A country by its two letters, in a language; the letters where it has no name there. */
export function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A decimal string: ("56000.5", "en") → "56,000.5". */
export const decimalText = (decimal: string, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(decimal as Intl.StringNumericLiteral);
