// /charities: who receives, found by name or registration id, and how far the money of each has come.

import "./page.css";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { addressOf } from "./address.ts";
import { totalsByUnit } from "./marks.ts";
import { Marks } from "./marks.tsx";
import { More } from "./more.tsx";
import { type Charity, itemsOf, type Line, useCharities, useLinesOf } from "./queries.ts";

export default function CharitiesPage() {
  const { t } = useTranslation("charity");
  const [search, setSearch] = useState("");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p>{t("list.lead")}</p>
      <search className="search">
        <label>
          {t("list.search")}
          <input
            type="search"
            value={search}
            maxLength={200}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
      </search>
      <Found search={useDeferredValue(search.trim())} />
    </>
  );
}

function Found({ search }: { search: string }) {
  const { t } = useTranslation("charity");
  const query = useCharities(search);
  if (query.isPending) return <Loading />;
  if (query.data === undefined) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const charities = itemsOf(query.data);
  if (charities.length === 0) return <Nothing>{t(search === "" ? "list.none" : "list.noneFound")}</Nothing>;
  return (
    <>
      {query.data.pages.map(({ items }) => (
        <PageOfList key={items[0]?.id} charities={items} />
      ))}
      <More query={query} />
    </>
  );
}

/** A page of the list, with the lines of all its charities in one answer. */
function PageOfList({ charities }: { charities: readonly Charity[] }) {
  const { data, error } = useLinesOf(charities);
  return (
    <ul className="charities">
      {charities.map((charity) => (
        <Entry
          key={charity.id}
          charity={charity}
          lines={data?.items.filter((line) => line.charity === charity.id)}
          isUnknown={error !== null}
        />
      ))}
    </ul>
  );
}

type EntryProps = {
  readonly charity: Charity;
  readonly lines: readonly Line[] | undefined;
  readonly isUnknown: boolean;
};

function Entry({ charity: { registration, name }, lines, isUnknown }: EntryProps) {
  const { t } = useTranslation("charity");
  return (
    <li className="card">
      <h2>
        <Link href={addressOf(registration)}>{name}</Link>
      </h2>
      <p className="quiet">
        <code>{registration}</code>
        {registration.includes("/") && ` · ${t("funds.isFund")}`}
      </p>
      {lines?.some(({ fault }) => fault !== null) && <p className="failed">{t("fault.some")}</p>}
      {lines && totalsByUnit(lines).map((line) => <Marks key={line.unit} {...line} short />)}
      {lines?.length === 0 && <p className="quiet">{t("lines.none")}</p>}
      {isUnknown && <p className="quiet">{t("list.linesUnknown")}</p>}
    </li>
  );
}
