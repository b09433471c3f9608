// How many days look like no walk, and what became of them.

import { useTranslation } from "react-i18next";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { useHeldCounts } from "./queries.ts";

const STATES = ["held", "appealed", "accepted", "rejected"] as const;

export function Held() {
  const { t } = useTranslation("steps");
  const { count } = useWords();
  return (
    <>
      <p>{t("held.what")}</p>
      <Asked query={useHeldCounts()}>
        {(counts) => (
          <dl className="held">
            {STATES.map((state) => (
              <div key={state}>
                <dt>{t(`held.${state}`)}</dt>
                <dd>{count(counts[state])}</dd>
              </div>
            ))}
          </dl>
        )}
      </Asked>
    </>
  );
}
