// How anyone checks a campaign: what its total is the sum of, the document that says what counts, the figures of batches.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { shortHex } from "../units/short.ts";
import type { Campaign } from "./figures.ts";

export function Check({ campaign: { id, hash, countsFrom } }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  return (
    <section>
      <h2>{t("check.heading")}</h2>
      <p>{t("check.sum")}</p>
      <p>{t("check.window")}</p>
      <ul className="check-links">
        <li>
          <a href={`/v1/documents/${hash}`}>{t("check.document")}</a> <code>{shortHex(hash)}</code>
        </li>
        <li>
          <Link href={`/batches/${countsFrom}`}>{t("check.from", { batch: countsFrom })}</Link>
        </li>
        <li>
          <a href={`/v1/campaigns/${inPath(id)}/batches`}>{t("check.batches")}</a>
        </li>
      </ul>
    </section>
  );
}
