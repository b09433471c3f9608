// /shops: the shops that charities run themselves.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useShops } from "./queries.ts";
import "../merchant/merchant.css";

export default function ShopsPage() {
  const { t } = useTranslation("shops");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p>{t("list.what")}</p>
      <Shops />
    </>
  );
}

function Shops() {
  const { t } = useTranslation("shops");
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useShops();
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const shops = data.pages.flatMap(({ items }) => items);
  if (shops.length === 0) return <Nothing>{t("list.none")}</Nothing>;
  return (
    <>
      <ul className="merchants">
        {shops.map(({ id, name }) => (
          <li key={id}>
            <Link href={`/shops/${inPath(id)}`}>{name}</Link> <span className="quiet">{id}</span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("list.more")}
        </button>
      )}
    </>
  );
}
