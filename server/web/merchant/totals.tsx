// What the shop has given by charity: where it shows that, and else why that is its own business.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../charity/address.ts";
import { Scrolls } from "../shell/scrolls.tsx";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { type Totals, useTotals } from "./queries.ts";

export function TotalsSection({ merchant }: { merchant: string }) {
  const { t } = useTranslation("merchant");
  const query = useTotals(merchant);
  return (
    <section aria-labelledby="totals">
      <h2 id="totals">{t("totals.title")}</h2>
      <Asked query={query}>{(totals) => <TotalsTable totals={totals} />}</Asked>
    </section>
  );
}

function TotalsTable({ totals: { lines, fromBatch, toBatch } }: { totals: Totals }) {
  const { t } = useTranslation("merchant");
  const { count } = useWords();
  if (lines === null) return <p>{t("totals.hidden")}</p>;
  if (lines.length === 0) return <p className="state">{t("totals.none")}</p>;
  return (
    <>
      <Scrolls name={t("totals.table")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("totals.charity")}</th>
              <th scope="col" className="number">
                {t("totals.given")}
              </th>
              <th scope="col" className="number">
                {t("totals.refunded")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Row key={`${line.registration} ${line.unit}`} line={line} />
            ))}
          </tbody>
        </table>
      </Scrolls>
      <p className="quiet">{t("totals.counted", { from: count(fromBatch), to: count(toBatch) })}</p>
    </>
  );
}

function Row({ line }: { line: NonNullable<Totals["lines"]>[number] }) {
  const { amount } = useWords();
  const { registration, name, unit, given, reversed } = line;
  return (
    <tr>
      <th scope="row">
        <Link href={addressOf(registration)}>{name}</Link>
      </th>
      <td className="number">{amount(given, unit)}</td>
      <td className="number">{amount(reversed, unit)}</td>
    </tr>
  );
}
