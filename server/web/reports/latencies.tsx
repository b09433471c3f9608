// How long the money took to each step, from the closing of its batch.

import { useTranslation } from "react-i18next";
import { isCourse } from "../../programmes/philanthropy/latencies.ts";
import type { LatencyRow } from "../../programmes/philanthropy/report.ts";
import { Scrolls } from "../shell/scrolls.tsx";
import { useWords } from "../units/use-words.ts";
import { CONTRACT, Figure } from "./proof.tsx";
import { durationText, shareText } from "./words.ts";

const PERCENTILES = ["p50", "p90", "p99"] as const;

export function Latencies({ latencies }: { latencies: readonly LatencyRow[] }) {
  const { t } = useTranslation("reports");
  if (latencies.length === 0) return null;
  return (
    <section>
      <h2>{t("latencies.title")}</h2>
      <p className="quiet">{t("latencies.what")}</p>
      <Scrolls name={t("latencies.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("latencies.step")}</th>
              <th scope="col" className="number">
                {t("latencies.reached")}
              </th>
              {PERCENTILES.map((one) => (
                <th key={one} scope="col" className="number">
                  {t(`latencies.${one}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {latencies.filter(isCourse).map((row) => (
              <Row key={`${row.unit} ${row.step}`} row={row} />
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

function Row({ row }: { row: LatencyRow }) {
  const { t } = useTranslation("reports");
  const { language } = useWords();
  const { unit, step, of, reached } = row;
  return (
    <tr>
      <th scope="row">
        {t(`steps.${step}`)} <span className="quiet">{unit}</span>
      </th>
      <td className="number">
        <Figure of={CONTRACT}>{shareText(reached, of, language) ?? "–"}</Figure>
      </td>
      {PERCENTILES.map((one) => (
        <td key={one} className="number">
          <Duration seconds={row[one]} language={language} />
        </td>
      ))}
    </tr>
  );
}

const Duration = ({ seconds, language }: { seconds: string | null; language: string }) =>
  seconds === null ? "–" : <Figure of={CONTRACT}>{durationText(seconds, language)}</Figure>;
