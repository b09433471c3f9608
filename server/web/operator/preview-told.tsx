// What a run would pay: sums, the largest lines, and why others would get nothing.

import { useTranslation } from "react-i18next";
import { Scrolls } from "../shell/scrolls.tsx";
import { useWords } from "../units/use-words.ts";
import { MOST_SHOWN, type Preview, type PreviewedLine } from "./preview.ts";
import { useReason } from "./reasons.ts";

export function PreviewTold({ preview }: { preview: Preview }) {
  const { t } = useTranslation("operator");
  const { count } = useWords();
  const { lookedAt, lines, isDone, shown, hasUnproven } = preview;
  return (
    <>
      <h3>{t("preview.heading")}</h3>
      <p role="status">
        {t(isDone ? "preview.looked" : "preview.looking", { lookedAt: count(lookedAt), lines: count(lines) })}
      </p>
      {!isDone && <progress aria-label={t("preview.progress")} max={Math.max(1, lines)} value={lookedAt} />}
      <Sums preview={preview} />
      {shown.length > 0 && <Lines lines={shown} />}
      {shown.length === MOST_SHOWN && <p className="quiet">{t("preview.largest", { count: MOST_SHOWN })}</p>}
      <Unpaid reasons={preview.unpaid} />
      {hasUnproven && <p className="quiet">{t("preview.unproven")}</p>}
    </>
  );
}

export function Sums({ preview: { sums, isDone } }: { preview: Preview }) {
  const { t } = useTranslation("operator");
  const { amount } = useWords();
  if (sums.size === 0) return isDone ? <p>{t("preview.nothing")}</p> : null;
  return (
    <ul className="sums">
      {[...sums].map(([unit, sum]) => (
        <li key={unit}>{t("preview.sum", { amount: amount(sum.amount, unit), count: sum.lines })}</li>
      ))}
    </ul>
  );
}

function Lines({ lines }: { lines: readonly PreviewedLine[] }) {
  const { t } = useTranslation("operator");
  const { amount } = useWords();
  return (
    <Scrolls name={t("preview.heading")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("preview.charity")}</th>
            <th scope="col">{t("preview.rail")}</th>
            <th scope="col" className="number">
              {t("preview.amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.line}>
              <td>{line.registration}</td>
              <td>{t(`rails.${line.rail}`)}</td>
              <td className="number">{amount(line.amount ?? "0", line.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

export function Unpaid({ reasons }: { reasons: ReadonlyMap<string, number> }) {
  const { t } = useTranslation("operator");
  const say = useReason();
  if (reasons.size === 0) return null;
  return (
    <>
      <p>{t("preview.unpaid")}</p>
      <ul>
        {[...reasons].map(([reason, count]) => (
          <li key={reason}>
            {say(reason)}: {t("preview.lines", { count })}
          </li>
        ))}
      </ul>
    </>
  );
}
