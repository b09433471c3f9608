// /merchants: the shops that pledge a share of their sales.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useMerchants } from "./queries.ts";
import "./merchant.css";

export default function MerchantsPage() {
  const { t } = useTranslation("merchant");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p>{t("list.what")}</p>
      <Merchants />
    </>
  );
}

function Merchants() {
  const { t } = useTranslation("merchant");
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useMerchants();
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const merchants = data.pages.flatMap(({ items }) => items);
  if (merchants.length === 0) return <Nothing>{t("list.none")}</Nothing>;
  return (
    <>
      <ul className="merchants">
        {merchants.map(({ id, name }) => (
          <li key={id}>
            <Link href={`/merchants/${inPath(id)}`}>{name}</Link> <span className="quiet">{id}</span>
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
