// /shops/{id}: a charity's own shop. What it sells and for how much, what was given so far and what that comes to, beside what
// the charity has reported; and its terms.

import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { fromPath, inPath, isUnknown } from "../api/client.ts";
import { addressOf } from "../charity/address.ts";
import { Pledges } from "../merchant/pledges.tsx";
import { useCharityName } from "../merchant/queries.ts";
import { Asked } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { Goods } from "./goods.tsx";
import { Outcomes } from "./outcomes.tsx";
import { type Shop, type ShopPledge, useShop } from "./queries.ts";
import "../merchant/merchant.css";
import "./shops.css";

export default function ShopPage() {
  const params = useParams();
  const id = fromPath(params.id ?? "");
  const { t } = useTranslation("shops");
  const query = useShop(id);
  useTitle(query.data?.name ?? t("list.title"));
  if (query.data === undefined && isUnknown(query.error)) return <UnknownShop id={id} />;
  return (
    <>
      <h1>{query.data?.name ?? id}</h1>
      <Asked query={query}>{(shop) => <ShopView shop={shop} />}</Asked>
    </>
  );
}

function UnknownShop({ id }: { id: string }) {
  const { t } = useTranslation("shops");
  return (
    <>
      <h1>{t("unknown.title")}</h1>
      <p className="state">{t("unknown.why", { id })}</p>
    </>
  );
}

function ShopView({ shop }: { shop: Shop }) {
  const { t } = useTranslation("shops");
  const charities = [
    ...new Set(shop.pledges.flatMap(({ terms }) => terms.charities.map(({ charity }) => charity))),
  ];
  return (
    <>
      <p>{t("what")}</p>
      <ul className="to">
        {charities.map((charity) => (
          <li key={charity}>
            <CharityLink charity={charity} />
          </li>
        ))}
      </ul>
      <Outcomes shop={shop} />
      <Proceeds shop={shop} />
      <Goods shop={shop} />
      <Pledges merchant={shop.id} />
      <p>
        <Link href={`/merchants/${inPath(shop.id)}`}>{t("asMerchant")}</Link>
      </p>
    </>
  );
}

function CharityLink({ charity }: { charity: string }) {
  return <Link href={addressOf(charity)}>{useCharityName(charity)}</Link>;
}

/** What was given in each currency, under all pledges. */
function Proceeds({ shop: { pledges, toBatch } }: { shop: Shop }) {
  const { t } = useTranslation("shops");
  const { amount, count } = useWords();
  const sums = sumsOf(pledges);
  return (
    <section aria-labelledby="proceeds">
      <h2 id="proceeds">{t("proceeds.title")}</h2>
      <ul className="proceeds">
        {[...sums].map(([currency, { given, reversed, gifts }]) => (
          <li key={currency}>
            <strong className="figure">{amount(given, currency)}</strong>{" "}
            {t("proceeds.gifts", { count: Number(gifts), shown: count(gifts) })}
            {reversed > 0n && <> {t("proceeds.reversed", { amount: amount(reversed, currency) })}</>}
          </li>
        ))}
      </ul>
      <p className="quiet">{t("proceeds.counted", { batch: count(toBatch) })}</p>
    </section>
  );
}

function sumsOf(pledges: readonly ShopPledge[]) {
  const sums = new Map<string, { given: bigint; reversed: bigint; gifts: bigint }>();
  for (const { terms, given, reversed, gifts } of pledges) {
    const before = sums.get(terms.currency) ?? { given: 0n, reversed: 0n, gifts: 0n };
    sums.set(terms.currency, {
      given: before.given + BigInt(given),
      reversed: before.reversed + BigInt(reversed),
      gifts: before.gifts + BigInt(gifts),
    });
  }
  return sums;
}
