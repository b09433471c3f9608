// A shop's pledges in plain words, in force and past, each with the hash of its terms and the terms themselves.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { addressOf } from "../charity/address.ts";
import { Asked, Nothing } from "../shell/states.tsx";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { type Pledge, useCharityName, usePledges } from "./queries.ts";
import { byStanding, endOf } from "./standing.ts";

export function Pledges({ merchant }: { merchant: string }) {
  const { t } = useTranslation("merchant");
  const query = usePledges(merchant);
  const [now] = useState(() => Date.now() / 1000);
  return (
    <section aria-labelledby="pledges">
      <h2 id="pledges">{t("pledges.title")}</h2>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t("pledges.none")}</Nothing>
          ) : (
            byStanding(items, now).map(({ standing, pledges }) => (
              <div key={standing}>
                <h3 className="under">{t(`pledges.standing.${standing}`)}</h3>
                <ul className="pledges">
                  {pledges.map((pledge) => (
                    <PledgeItem key={pledge.id} pledge={pledge} />
                  ))}
                </ul>
              </div>
            ))
          )
        }
      </Asked>
    </section>
  );
}

function PledgeItem({ pledge }: { pledge: Pledge }) {
  const { t } = useTranslation("merchant");
  const { time, amount } = useWords();
  const { terms, id } = pledge;
  const end = endOf(pledge);
  const { currency, minimum } = terms;
  const since = time(unixTime(`${terms.startsAt}`));
  const until = end === null ? "" : time(unixTime(`${Math.floor(end)}`));
  return (
    <li className="card">
      {terms.programme === "charity-shop" && (
        <p>
          <Link href={`/shops/${inPath(terms.merchant)}`}>{t("pledges.ownShop")}</Link>
        </p>
      )}
      <p className="promise">{useShare(pledge)}</p>
      <ul className="to">
        {terms.charities.map(({ charity, parts }) => (
          <Beneficiary key={charity} charity={charity} parts={parts} all={partsOf(pledge)} />
        ))}
      </ul>
      {terms.items !== undefined && <p>{t("pledges.items", { items: terms.items.join(", ") })}</p>}
      {terms.outcome !== undefined && (
        <p>
          {t("pledges.becomes", { amount: amount(terms.outcome.costs, currency), what: terms.outcome.what })}
        </p>
      )}
      <p>{end === null ? t("pledges.since", { since }) : t("pledges.fromTo", { since, until })}</p>
      <p>{t(`pledges.refunds.${terms.refunds}`)}</p>
      <p className="quiet">
        {t(`pledges.rounding.${terms.rounding}`, { minimum: amount(minimum, currency) })}
      </p>
      <p>
        <a href={`/v1/documents/${id}`}>{t("pledges.terms")}</a>{" "}
        <span className="quiet">{t("pledges.hash")}</span> <code className="hash">{id}</code>
      </p>
    </li>
  );
}

const partsOf = ({ terms }: Pledge): number => terms.charities.reduce((sum, { parts }) => sum + parts, 0);

function useShare({ terms: { share, base, currency } }: Pledge): string {
  const { t } = useTranslation("merchant");
  const { amount, language } = useWords();
  if ("perItem" in share) return t("pledges.anItem", { amount: amount(share.perItem, currency), currency });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  return t(`pledges.base.${base}`, { share: percent.format(share.basisPoints / 10_000), currency });
}

/** With its part where several share. */
function Beneficiary({ charity, parts, all }: { charity: string; parts: number; all: number }) {
  const { t } = useTranslation("merchant");
  const { language } = useWords();
  const name = useCharityName(charity);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  return (
    <li>
      <Link href={addressOf(charity)}>{name}</Link>
      {parts < all && (
        <span className="quiet"> {t("pledges.part", { part: percent.format(parts / all) })}</span>
      )}
    </li>
  );
}
