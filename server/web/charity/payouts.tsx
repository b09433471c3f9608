// What was transferred to a charity: when, how, how much, and whose word there is for it.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { Listed } from "./more.tsx";
import { standingOf } from "./payout-standing.ts";
import { type Charity, type Payout, usePayouts } from "./queries.ts";

export function Payouts({ charity: { id } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  return (
    <section aria-labelledby="payouts">
      <h2 id="payouts">{t("payouts.title")}</h2>
      <p className="quiet">{t("payouts.lead")}</p>
      <Listed query={usePayouts(id)} none={t("payouts.none")}>
        {(payouts) => (
          <ul className="payouts">
            {payouts.map((payout) => (
              <Entry key={payout.id} payout={payout} />
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}

function Entry({ payout }: { payout: Payout }) {
  const { t } = useTranslation("charity");
  const { amount, time } = useWords();
  return (
    <li>
      <span>
        <strong className="amount">{amount(payout.amount, payout.unit)}</strong> {t(`rail.${payout.rail}`)}
      </span>
      <span className="quiet">{time(payout.paidAt ?? payout.createdAt)}</span>
      <Standing payout={payout} />
    </li>
  );
}

function Standing({ payout }: { payout: Payout }) {
  const { t } = useTranslation("charity");
  const { age } = useWords();
  const standing = standingOf(payout);
  const since = payout.ageSeconds === null ? "" : age(payout.ageSeconds);
  return (
    <span>
      <span className={`standing is-${standing}`}>{t(`payouts.is.${standing}`, { age: since })}</span>
      {payout.reason !== null && <span className="quiet small"> ({payout.reason})</span>}
    </span>
  );
}
