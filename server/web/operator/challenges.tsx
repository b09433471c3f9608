// Promises that were challenged on chain: those that wait for an answer first, since each has a last day.

import { useTranslation } from "react-i18next";
import { Asked, Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { type Challenge, useChallenges } from "./queries.ts";

export function Challenges() {
  const { t } = useTranslation("operator");
  return (
    <section className="challenges">
      <h2>{t("challenges.heading")}</h2>
      <p className="quiet">{t("challenges.what")}</p>
      <Asked query={useChallenges()}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t("challenges.none")}</Nothing>
          ) : (
            <ul className="challenge-list">
              {items.toSorted(openFirst).map((challenge) => (
                <Told key={challenge.number} challenge={challenge} />
              ))}
            </ul>
          )
        }
      </Asked>
    </section>
  );
}

const openFirst = (a: Challenge, b: Challenge) => Number(b.state === "open") - Number(a.state === "open");

function Told({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation("operator");
  const { time, amount: say } = useWords();
  const { number, state, amount, unit, dueAt, leaf, problem } = challenge;
  return (
    <li className={`card challenge challenge-${state}`}>
      <p>
        <strong>{t(`challenges.${state}`)}</strong> ·{" "}
        {t("challenges.number", { number, amount: say(amount, unit) })}
      </p>
      {state === "open" && dueAt !== null && <p>{t("challenges.due", { due: time(dueAt) })}</p>}
      {problem !== null && (
        <p className="failed" lang="en">
          {problem}
        </p>
      )}
      <p className="quiet">
        {t("challenges.leaf")} <code>{leaf}</code>
      </p>
    </li>
  );
}
