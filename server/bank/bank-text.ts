// Text as banks take it: the Latin characters that every bank must accept (EPC217-08, SEPA requirements for an extended
// character set). Letters with marks lose them, letters of other kinds are written out, everything else becomes a point.

/** Letters that Unicode does not take apart into a letter and a mark. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d", Đ: "D" },
  ...{ ð: "d", Ð: "D", þ: "th", Þ: "TH", ħ: "h", Ħ: "H", ı: "i", ŋ: "n", Ŋ: "N", ŧ: "t", Ŧ: "T", ĸ: "k" },
  ...{
    "&": "+",
    _: "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "’": "'",
    "‘": "'",
    "“": "'",
    "”": "'",
    '"': "'",
  },
  ...{
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
    ";": ",",
    "#": ".",
    "@": "(at)",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
  },
};

const TAKEN = /^[A-Za-z0-9/\-?:().,'+ ]$/;
/** What banks read in place of a text that is required and not known. */
const NOT_PROVIDED = "NOTPROVIDED";

/** At most `most` characters that banks take, at least one; `NOTPROVIDED` when there is no letter or digit among them. */
export function bankText(text: string, most: number): string {
  const plain = [...text.normalize("NFKD")].map(replaced).join("");
  const tidy = plain
    .replace(/\s+/g, " ")
    .replace(/\/{2,}/g, "/")
    .replace(/^[ /]+/, "");
  const cut = tidy.slice(0, most).trimEnd();
  return isWritten(cut) ? cut : NOT_PROVIDED.slice(0, most);
}

/** Whether anything of a text is left when it is written as banks take it. */
export const canBeWritten = (text: string): boolean =>
  isWritten([...text.normalize("NFKD")].map(replaced).join(""));

const isWritten = (plain: string) => /[A-Za-z0-9]/.test(plain);

function replaced(character: string): string {
  if (/^\p{M}$/u.test(character)) return "";
  if (/^\s$/.test(character)) return " ";
  if (TAKEN.test(character)) return character;
  return Object.hasOwn(WRITTEN_OUT, character) ? (WRITTEN_OUT[character] as string) : ".";
}
