// What a shop's badge says of its pledges, in the languages of the pages. It names the shop, since a badge can be put on
// anyone's site, and says so when nothing is pledged. Pure.

import { decimalOf } from "./currency.ts";
import type { Language } from "./languages.ts";
import { inForce, type Pledge } from "./pledge.ts";
import type { Terms } from "./terms.ts";

const MOST_SHOP_CHARACTERS = 28;
const MOST_CHARITY_CHARACTERS = 36;

export type Badge = {
  /** Two lines: what is given, and to whom. */
  readonly lines: readonly [string, string];
  /** What a click is for. */
  readonly verify: string;
  readonly isPledged: boolean;
};

type Words = {
  readonly ofSale: (shop: string, share: string) => string;
  readonly ofPrice: (shop: string, share: string) => string;
  readonly anItem: (shop: string, amount: string) => string;
  readonly aShare: (shop: string) => string;
  readonly to: (charity: string) => string;
  readonly charities: (count: number) => string;
  readonly nothing: string;
  readonly verify: string;
};

const WORDS: Record<Language, Words> = {
  en: {
    ofSale: (shop, share) => `${shop} gives ${share} of every sale`,
    ofPrice: (shop, share) => `${shop} gives ${share} of the price of every sale`,
    anItem: (shop, amount) => `${shop} gives ${amount} for every item sold`,
    aShare: (shop) => `${shop} gives a share of its sales`,
    to: (charity) => `to ${charity}`,
    charities: (count) => `${count} charities`,
    nothing: "has no pledge in force",
    verify: "Verify",
  },
  id: {
    ofSale: (shop, share) => `${shop} memberikan ${share} dari setiap penjualan`,
    ofPrice: (shop, share) => `${shop} memberikan ${share} dari harga setiap penjualan`,
    anItem: (shop, amount) => `${shop} memberikan ${amount} untuk setiap barang terjual`,
    aShare: (shop) => `${shop} memberikan sebagian dari penjualannya`,
    to: (charity) => `kepada ${charity}`,
    charities: (count) => `${count} lembaga amal`,
    nothing: "tidak memiliki janji yang berlaku",
    verify: "Periksa",
  },
  "zh-CN": {
    ofSale: (shop, share) => `${shop} 将每笔销售的 ${share}`,
    ofPrice: (shop, share) => `${shop} 将每笔商品价款的 ${share}`,
    anItem: (shop, amount) => `${shop} 每售出一件商品将 ${amount}`,
    aShare: (shop) => `${shop} 将销售额的一部分`,
    to: (charity) => `捐给 ${charity}`,
    charities: (count) => `${count} 家慈善机构`,
    nothing: "目前没有生效的承诺",
    verify: "核验",
  },
};

/**
 * @param pledges all of the shop's; those in force at `now` (Unix seconds) count
 * @param nameOf a charity's name by its registration id
 */
export function badgeOf(
  shopName: string,
  pledges: readonly Pledge[],
  nameOf: (registration: string) => string,
  language: Language,
  now: number,
): Badge {
  const words = WORDS[language];
  const shop = cut(shopName, MOST_SHOP_CHARACTERS);
  const kept = pledgesInForce(pledges, now);
  const [first] = kept;
  if (first === undefined) return { lines: [shop, words.nothing], verify: words.verify, isPledged: false };
  const given = kept.length === 1 ? shareText(first, shop, words, language) : words.aShare(shop);
  const charities = [...new Set(kept.flatMap((terms) => terms.charities.map(({ charity }) => charity)))];
  const [only] = charities;
  const names =
    charities.length === 1
      ? cut(nameOf(only as string), MOST_CHARITY_CHARACTERS)
      : words.charities(charities.length);
  return { lines: [given, words.to(names)], verify: words.verify, isPledged: true };
}

/** The terms of the pledges under which a purchase that completes now would give. */
export const pledgesInForce = (pledges: readonly Pledge[], now: number): Terms[] =>
  pledges
    .filter((pledge) => inForce(pledge, { completedAt: now, currency: pledge.terms.currency }))
    .map(({ terms }) => terms);

function shareText(terms: Terms, shop: string, words: Words, language: Language): string {
  const { share, base, currency, items } = terms;
  // Of some products alone: "of every sale" would promise more.
  if (items !== undefined) return words.aShare(shop);
  if ("perItem" in share) return words.anItem(shop, moneyText(BigInt(share.perItem), currency, language));
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const text = percent.format(share.basisPoints / 10_000);
  return base === "price" ? words.ofPrice(shop, text) : words.ofSale(shop, text);
}

function moneyText(amountMinor: bigint, currency: string, language: Language): string {
  const decimal = decimalOf(amountMinor, currency);
  const digits = decimal.split(".")[1]?.length ?? 0;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat(language, { style: "currency", currency, ...places });
  return format.format(decimal as Intl.StringNumericLiteral);
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** At most so many characters as people count them; what is cut off is marked. */
function cut(text: string, most: number): string {
  const all = Array.from(characters.segment(text), ({ segment }) => segment);
  return all.length <= most
    ? text
    : `${all
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}
