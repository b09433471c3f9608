// How steps are counted, in plain words: every number is the published document's own.

import { useTranslation } from "react-i18next";
import { Asked } from "../shell/states.tsx";
import { shortHex } from "../units/short.ts";
import { useWords } from "../units/use-words.ts";
import { type Rules, useRules } from "./queries.ts";

export const CountingRules = () => <Asked query={useRules()}>{(told) => <InWords {...told} />}</Asked>;

function InWords({ hash, batch, rules }: Rules) {
  const { t } = useTranslation("steps");
  const { count } = useWords();
  const [hour, day] = [count(rules.mostAnHour), count(rules.mostADay)];
  return (
    <>
      <ul>
        <li>{t("rules.goal", { steps: count(rules.dailyGoal) })}</li>
        <li>{t("rules.caps", { hour, day })}</li>
        <li>{t("rules.once")}</li>
        <li>{t("rules.byHand")}</li>
        <li>{t("rules.when", { count: rules.oldestDays })}</li>
      </ul>
      <p>{t("rules.holds")}</p>
      <Patterns patterns={rules.patterns} />
      <p>
        {t("rules.document")}{" "}
        {batch === null ? (
          <code title={hash}>{shortHex(hash)}</code>
        ) : (
          <a href={`/v1/documents/${hash}`} title={hash}>
            <code>{shortHex(hash)}</code>
          </a>
        )}
      </p>
    </>
  );
}

function Patterns({ patterns }: { patterns: Rules["rules"]["patterns"] }) {
  const { t } = useTranslation("steps");
  const { count } = useWords();
  return (
    <ul>
      {Object.entries(patterns).map(([code, { hours, atLeast, withinPercent }]) => (
        <li key={code}>
          {t(`rules.patterns.${code}`, {
            defaultValue: code,
            hours,
            steps: count(atLeast ?? 0),
            percent: withinPercent,
          })}
        </li>
      ))}
    </ul>
  );
}
