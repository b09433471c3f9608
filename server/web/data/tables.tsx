// Every table that can be downloaded: what it holds, its files, its columns.

import { useTranslation } from "react-i18next";
import { Failed, Loading } from "../shell/states.tsx";
import { ofPeriod, type Period, type Table, useTables } from "./queries.ts";

export function Tables({ period }: { period: Period }) {
  const { t } = useTranslation("data");
  const { data, error, isPending, refetch } = useTables();
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <section>
      <h2>{t("tables.title")}</h2>
      <p>{t("tables.what")}</p>
      <ul className="files">
        {data.items.map((table) => (
          <li key={table.name}>
            <OneTable table={table} period={period} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneTable({ table, period }: { table: Table; period: Period }) {
  const { t } = useTranslation("data");
  const { name, columns } = table;
  const isWhole = table.period === null;
  return (
    <>
      <h3>{name}</h3>
      <p>{t(`tables.of.${name}`)}</p>
      <p className="links">
        {(["csv", "parquet"] as const).map((kind) => (
          <a key={kind} href={isWhole ? table[kind] : ofPeriod(table[kind], period)} download>
            {name}.{kind}
          </a>
        ))}
        <span className="quiet">{t(isWhole ? "tables.whole" : "tables.ofPeriod")}</span>
      </p>
      <details>
        <summary>{t("tables.columns", { count: columns.length })}</summary>
        <dl lang="en">
          {columns.map((column) => (
            <div key={column.name}>
              <dt>
                <code>{column.name}</code>
              </dt>
              <dd>{column.meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
