// The period's gifts by programme, or by those merchants that show their totals: as the published documents say, and in the
// last row whatever they do not tell.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { UnitRow } from "../../programmes/philanthropy/report.ts";
import type { Shared, ShareRow } from "../../programmes/philanthropy/sums.ts";
import { inPath } from "../api/client.ts";
import { Scrolls } from "../shell/scrolls.tsx";
import { useWords } from "../units/use-words.ts";
import { BATCHES, BY_PROGRAMME, Figure } from "./proof.tsx";
import { shareText } from "./words.ts";

type Name = "programme" | "merchant";
type Props = {
  readonly name: Name;
  readonly shared: Shared<"programme"> | Shared<"merchant">;
  readonly units: readonly UnitRow[];
};
type SharedRow = ShareRow<"programme"> | ShareRow<"merchant">;

const nameIn = (row: SharedRow): string | null => ("programme" in row ? row.programme : row.merchant);

export function SharedOut({ name, shared, units }: Props) {
  const { t } = useTranslation("reports");
  if (shared.rows.length === 0) return null;
  return (
    <section>
      <h2>{t(`by.${name}.title`)}</h2>
      <p className="quiet">{t(`by.${name}.what`)}</p>
      <Scrolls name={t(`by.${name}.title`)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t(`by.${name}.column`)}</th>
              <th scope="col" className="number">
                {t("by.gifts")}
              </th>
              <th scope="col" className="number">
                {t("steps.given")}
              </th>
              <th scope="col" className="number">
                {t("by.share")}
              </th>
              <th scope="col" className="number">
                {t("steps.refunded")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shared.rows.map((row) => (
              <Row key={`${nameIn(row)} ${row.unit}`} name={name} row={row} units={units} />
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

type RowProps = { readonly name: Name; readonly row: SharedRow; readonly units: readonly UnitRow[] };

function Row({ name, row, units }: RowProps) {
  const { amount, count, language } = useWords();
  const { unit, gifts, reversals } = row;
  const proof = nameIn(row) === null ? BATCHES : BY_PROGRAMME;
  const figure = (text: string) => (
    <td className="number">
      <Figure of={proof}>{text}</Figure>
    </td>
  );
  const given = units.find((one) => one.unit === unit)?.given ?? "0";
  return (
    <tr>
      <th scope="row">
        <Called name={name} of={nameIn(row)} />
      </th>
      {figure(count(gifts.receipts))}
      {figure(amount(gifts.amount, unit))}
      {figure(shareText(gifts.amount, given, language) ?? "–")}
      {figure(amount(reversals.amount, unit))}
    </tr>
  );
}

const PROGRAMMES = ["goods-for-good", "charity-shop", "three-hours", "steps", "unknown"];

function Called({ name, of }: { name: Name; of: string | null }) {
  const { t } = useTranslation("reports");
  if (of === null) return t(`by.${name}.others`);
  if (name === "merchant") return <Link href={`/merchants/${inPath(of)}`}>{of}</Link>;
  return PROGRAMMES.includes(of) ? t(`programmes.${of}`) : of;
}
