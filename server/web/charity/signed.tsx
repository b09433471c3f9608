// What a charity has signed for: its own word that money has come.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { Listed } from "./more.tsx";
import { type Acknowledgement, type Charity, useAcknowledgements } from "./queries.ts";

export function Acknowledgements({ charity: { id } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  return (
    <section aria-labelledby="acknowledgements">
      <h2 id="acknowledgements">{t("signed.title")}</h2>
      <Listed query={useAcknowledgements(id)} none={t("signed.none")}>
        {(acknowledgements) => (
          <ul className="signed">
            {acknowledgements.map((one) => (
              <Entry key={one.number} one={one} />
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}

function Entry({ one }: { one: Acknowledgement }) {
  const { t } = useTranslation("charity");
  const { amount, count, time } = useWords();
  const { unit, received, from, upTo, batch, state, recordedAt } = one;
  const figures = {
    amount: amount(received, unit),
    from: count(from),
    upTo: count(upTo),
    batch: count(batch),
  };
  return (
    <li>
      {t("signed.says", figures)}{" "}
      <span className="quiet">
        {recordedAt === null
          ? t(`standing.${state}`)
          : t("signed.recordedAt", { time: time(recordedAt), standing: t(`standing.${state}`) })}
      </span>
    </li>
  );
}
