// Where a campaign is in its window: to come, running with the time that is left, or over.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { type Campaign, secondsLeft, stateOf } from "./figures.ts";
import { useNow } from "./queries.ts";

export function Standing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { age, time } = useWords();
  const now = useNow();
  const state = stateOf(campaign, now);
  return (
    <p className="standing">
      <span className={`pill pill-${state}`} data-state={state}>
        {t(`state.${state}`)}
      </span>
      {(state === "running" || state === "toCome") && (
        <strong>{t(`left.${state}`, { age: age(secondsLeft(campaign, now)) })}</strong>
      )}
      <span className="quiet">
        {t("window", { from: time(campaign.startsAt), to: time(campaign.endsAt) })}
      </span>
    </p>
  );
}
