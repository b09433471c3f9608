// What each charity was given, and how far it has come: each figure leads to the books, or to the transaction that moved the
// watermark where it stands.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { isMoney } from "../../programmes/currency.ts";
import type { CharityRow, Side } from "../../programmes/philanthropy/report.ts";
import { addressOf } from "../charity/address.ts";
import { Scrolls } from "../shell/scrolls.tsx";
import { useWords } from "../units/use-words.ts";
import { BATCHES, CONTRACT, Figure } from "./proof.tsx";

/** A report may tell of thousands. */
const FIRST_SHOWN = 50;
const STEPS = ["paid", "acknowledged", "spent"] as const;

export function Charities({ charities }: { charities: readonly CharityRow[] }) {
  const { t } = useTranslation("reports");
  const { count } = useWords();
  const [areAllShown, showAll] = useState(false);
  if (charities.length === 0) return null;
  const shown = areAllShown ? charities : charities.slice(0, FIRST_SHOWN);
  return (
    <section>
      <h2>{t("charities.title")}</h2>
      <Scrolls name={t("charities.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("charities.charity")}</th>
              {["given", "refunded", ...STEPS].map((column) => (
                <th key={column} scope="col" className="number">
                  {t(`steps.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={`${row.charity} ${row.unit}`} row={row} />
            ))}
          </tbody>
        </table>
      </Scrolls>
      {shown.length < charities.length && (
        <button type="button" onClick={() => showAll(true)}>
          {t("all", { shown: count(charities.length) })}
        </button>
      )}
    </section>
  );
}

const lengthOf = (side: Side | null): bigint => (side === null ? 0n : BigInt(side.to) - BigInt(side.from));

function Row({ row }: { row: CharityRow }) {
  const { t } = useTranslation("reports");
  const { amount, count } = useWords();
  const { charity, unit, gifts, reversals } = row;
  return (
    <tr>
      <th scope="row">
        <Link href={addressOf(charity)}>{charity}</Link>
        {gifts !== null && (
          <span className="quiet under">
            <Figure of={BATCHES}>
              {t("units.gifts", { count: Number(gifts.receipts), shown: count(gifts.receipts) })}
            </Figure>
          </span>
        )}
      </th>
      <td className="number">
        <Figure of={BATCHES}>{amount(lengthOf(gifts), unit)}</Figure>
      </td>
      <td className="number">
        <Figure of={BATCHES}>{amount(lengthOf(reversals), unit)}</Figure>
      </td>
      {STEPS.map((step) => (
        <td key={step} className="number">
          {isMoney(unit) && (
            <Figure of={row[step].transaction ?? CONTRACT}>{amount(row[step].amount, unit)}</Figure>
          )}
        </td>
      ))}
    </tr>
  );
}
