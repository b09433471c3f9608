// /shops: the shops that charities run themselves.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
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
      <Listed query={useShops()} none={t("list.none")} more={t("list.more")}>
        {(shops) => (
          <ul className="merchants">
            {shops.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/shops/${inPath(id)}`}>{name}</Link> <span className="quiet">{id}</span>
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}
