// /merchants: the shops that pledge a share of their sales.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
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
      <Listed query={useMerchants()} none={t("list.none")} more={t("list.more")}>
        {(merchants) => (
          <ul className="merchants">
            {merchants.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/merchants/${inPath(id)}`}>{name}</Link> <span className="quiet">{id}</span>
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}
