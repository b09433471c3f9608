// What a shop sells now: each piece with its price, and what it gives.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Listed } from "../shell/listed.tsx";
import { Scrolls } from "../shell/scrolls.tsx";
import { portionsText } from "../units/portions.ts";
import { useWords } from "../units/use-words.ts";
import { pieceGives } from "./comes-to.ts";
import { type Good, type Shop, useGoods } from "./queries.ts";

export function Goods({ shop }: { shop: Shop }) {
  const { t } = useTranslation("shops");
  return (
    <section aria-labelledby="goods">
      <h2 id="goods">{t("goods.title")}</h2>
      <GoodsTable shop={shop} />
    </section>
  );
}

function GoodsTable({ shop }: { shop: Shop }) {
  const { t } = useTranslation("shops");
  const [now] = useState(() => Date.now() / 1000);
  return (
    <Listed query={useGoods(shop.id)} none={t("goods.none")} more={t("goods.more")}>
      {(goods) => (
        <Scrolls name={t("goods.table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("goods.what")}</th>
                <th scope="col" className="number">
                  {t("goods.price")}
                </th>
                <th scope="col" className="number">
                  {t("goods.gives")}
                </th>
              </tr>
            </thead>
            <tbody>
              {goods.map((good) => (
                <Row key={`${good.product} ${good.currency}`} good={good} shop={shop} now={now} />
              ))}
            </tbody>
          </table>
        </Scrolls>
      )}
    </Listed>
  );
}

function Row({ good, shop, now }: { good: Good; shop: Shop; now: number }) {
  const { t } = useTranslation("shops");
  const { amount, language } = useWords();
  const { title, outcome, price, currency } = good;
  const gives = pieceGives(good, shop.pledges, now);
  const portions = gives?.portions ?? null;
  return (
    <tr>
      <th scope="row">
        {title}
        {outcome === null ? null : <span className="becomes quiet">{outcome}</span>}
      </th>
      <td className="number">{amount(price, currency)}</td>
      <td className="number">
        {gives === null ? t("goods.nothing") : amount(gives.amount, currency)}
        {portions === null ? null : <span className="becomes">{portionsText(portions, language, t)}</span>}
      </td>
    </tr>
  );
}
