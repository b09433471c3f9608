// Sponsors' pools: at which rate donated steps become money, what is left, and until when.

import { useTranslation } from "react-i18next";
import { Listed } from "../shell/listed.tsx";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { CharityLink } from "./charity-link.tsx";
import { type Pool, usePools } from "./queries.ts";

export function Pools() {
  const { t } = useTranslation("steps");
  return (
    <>
      <p>{t("pools.what")}</p>
      <Listed query={usePools()} none={t("pools.none")} more={t("more")}>
        {(pools) => (
          <ul className="pools">
            {pools.map((pool) => (
              <li key={pool.id} className="card">
                <OnePool {...pool} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function OnePool({ terms, accepted, funded, left, steps }: Pool) {
  const { t } = useTranslation("steps");
  const { amount, count, time } = useWords();
  const money = (minor: string) => amount(minor, terms.currency);
  const end = unixTime(`${terms.endsAt}`);
  const isOver = end.getTime() <= Date.now();
  return (
    <>
      <h3>{terms.sponsor}</h3>
      <p>
        {t("pools.rate", { amount: money(terms.rate.amount), steps: count(terms.rate.steps) })}{" "}
        <CharityLink registration={terms.charity} />
      </p>
      {/* The words below say the same. */}
      <progress aria-hidden="true" max={Number(funded) || 1} value={Number(left)} />
      <p>{accepted ? t("pools.left", { left: money(left), funded: money(funded) }) : t("pools.waiting")}</p>
      <p className="quiet">
        {t("pools.steps", { count: Number(steps), steps: count(steps) })}{" "}
        {terms.dailyCap !== null && t("pools.dailyCap", { amount: money(terms.dailyCap) })}{" "}
        {t(isOver ? "pools.ended" : "pools.ends", { time: time(end) })}
      </p>
    </>
  );
}
