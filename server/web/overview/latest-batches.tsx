// The newest batches, each with a way to look into it.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Scrolls } from "../shell/scrolls.tsx";
import { useWords } from "../units/use-words.ts";
import type { Batch } from "./figures.ts";

export function LatestBatches({ batches }: { batches: readonly Batch[] }) {
  const { t } = useTranslation("overview");
  return (
    <section>
      <h2>{t("batches.heading")}</h2>
      <p className="quiet">{t("batches.what")}</p>
      {batches.length === 0 ? (
        <p className="state">{t("batches.none")}</p>
      ) : (
        <Scrolls name={t("batches.heading")}>
          <BatchTable batches={batches} />
        </Scrolls>
      )}
    </section>
  );
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  const { t } = useTranslation("overview");
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("batches.number")}</th>
          <th scope="col" className="number">
            {t("batches.receipts")}
          </th>
          <th scope="col">{t("batches.closed")}</th>
          <th scope="col">{t("batches.state")}</th>
        </tr>
      </thead>
      <tbody>
        {batches.map((batch) => (
          <BatchRow key={batch.number} batch={batch} />
        ))}
      </tbody>
    </table>
  );
}

function BatchRow({ batch: { number, receipts, closedAt, state } }: { batch: Batch }) {
  const { t } = useTranslation("overview");
  const { count, time } = useWords();
  return (
    <tr>
      <td>
        <Link href={`/batches/${number}`}>{count(number)}</Link>
      </td>
      <td className="number">{receipts === null ? "…" : count(receipts)}</td>
      <td className="closed">{closedAt === null ? "…" : time(closedAt)}</td>
      <td>{t(`states.${state}`)}</td>
    </tr>
  );
}
