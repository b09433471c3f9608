// Text and numbers on their way into the page. Names come from books, and so from anybody: everything is escaped here, and
// nothing that is not goes into the page.

import { formatAmount } from "../../../server/programmes/currency.ts";

/** Markup that is safe as it stands. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Value = string | number | bigint | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also what turns the direction of writing, or is not seen at all. */
const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (found) => ESCAPES[found] as string).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "�");

const shown = (value: Value): string => {
  if (value instanceof Markup) return value.html;
  return Array.isArray(value) ? value.map(({ html }) => html).join("") : escaped(String(value));
};

/** A template whose values are escaped unless they are markup. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(parts.map((part, i) => (i === 0 ? part : shown(values[i - 1] as Value) + part)).join(""));

export const NOTHING = new Markup("");

export const number = (value: bigint | number): string => value.toLocaleString("en");

/** As people write it, with separators: 1,234.50 CNY. */
export function money(amount: bigint, unit: string): string {
  const [figure = "", name = ""] = formatAmount(amount, unit).split(" ");
  const [whole = "", fraction] = figure.split(".");
  return `${BigInt(whole).toLocaleString("en")}${fraction === undefined ? "" : `.${fraction}`} ${name}`;
}

const LAST_SECOND = 8_640_000_000_000n;

export const dateTime = (seconds: bigint): string =>
  seconds > LAST_SECOND
    ? "an impossible time"
    : `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** The beginning and the end of a hash; the whole of it is the title. */
export const short = (hex: string): Markup =>
  html`<code title="${hex}">${hex.length > 22 ? `${hex.slice(0, 10)}…${hex.slice(-6)}` : hex}</code>`;
