// What the batch adds to each line: from where to where, how much, by how many receipts.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../charity/address.ts";
import { useWords } from "../units/use-words.ts";
import type { Statement, WholeBatch } from "./queries.ts";

/** A batch may hold thousands of statements. */
const FIRST_SHOWN = 50;

export function Statements({ batch: { statements } }: { batch: WholeBatch }) {
  const { t } = useTranslation("batches");
  const { count } = useWords();
  const [areAllShown, showAll] = useState(false);
  if (statements.length === 0) return null;
  const shown = areAllShown ? statements : statements.slice(0, FIRST_SHOWN);
  return (
    <section aria-labelledby="statements">
      <h2 id="statements">{t("statements.title")}</h2>
      <p className="quiet">{t("statements.what")}</p>
      <ul className="statements">
        {shown.map((one) => (
          <StatementItem key={`${one.charity} ${one.unit} ${one.kind}`} statement={one} />
        ))}
      </ul>
      {shown.length < statements.length && (
        <button type="button" onClick={() => showAll(true)}>
          {t("statements.all", { count: statements.length, shown: count(statements.length) })}
        </button>
      )}
    </section>
  );
}

function StatementItem({ statement }: { statement: Statement }) {
  const { t } = useTranslation("batches");
  const { amount, count } = useWords();
  const { registration, name, unit, kind, from, to, receipts } = statement;
  const added = BigInt(to) - BigInt(from);
  return (
    <li className="card">
      <div className="what">
        <Link href={addressOf(registration)}>{name}</Link>
        <strong className="number">
          {t(kind === 1 ? "statements.taken" : "statements.given", { amount: amount(added, unit) })}
        </strong>
      </div>
      <dl>
        <dt>{t("statements.line")}</dt>
        <dd>
          {registration} · {unit}
        </dd>
        <dt>{t("statements.positions")}</dt>
        <dd>{t("statements.fromTo", { from: amount(from, unit), to: amount(to, unit) })}</dd>
        <dt>{t("statements.receipts")}</dt>
        <dd>{count(receipts)}</dd>
      </dl>
    </li>
  );
}
