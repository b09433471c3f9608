// How many steps were donated to each charity: the lines of steps.

import { useTranslation } from "react-i18next";
import { Listed } from "../shell/listed.tsx";
import { useWords } from "../units/use-words.ts";
import { CharityLink } from "./charity-link.tsx";
import { useStepLines } from "./queries.ts";

export function Donated() {
  const { t } = useTranslation("steps");
  return (
    <Listed query={useStepLines()} none={t("donated.none")} more={t("more")}>
      {(lines) => (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("donated.charity")}</th>
              <th scope="col" className="number">
                {t("donated.steps")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ charity, registration, sealed }) => (
              <Line key={charity} registration={registration} steps={sealed.gifts} />
            ))}
          </tbody>
        </table>
      )}
    </Listed>
  );
}

function Line({ registration, steps }: { registration: string; steps: string }) {
  const { count } = useWords();
  return (
    <tr>
      <th scope="row">
        <CharityLink registration={registration} />
      </th>
      <td className="number">{count(steps)}</td>
    </tr>
  );
}
