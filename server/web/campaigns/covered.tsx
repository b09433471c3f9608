// What a campaign covers: programmes, charities and merchants, each all of them or those that are named.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import type { Campaign } from "./figures.ts";
import { useName } from "./queries.ts";

/** Beyond so many names nobody reads on: the document names them all. */
const MOST_SHOWN = 12;

export function Covered({ campaign: { document } }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { programmes, charities, merchants } = document;
  return (
    <section>
      <h2>{t("covers.heading")}</h2>
      <dl className="covers">
        <Part name={t("covers.programmes")} all={t("covers.allProgrammes")} list={programmes}>
          {(programme) => t(`programmes.${programme}`)}
        </Part>
        <Part name={t("covers.charities")} all={t("covers.allCharities")} list={charities}>
          {(id) => <Named kind="charities" id={id} />}
        </Part>
        <Part name={t("covers.merchants")} all={t("covers.allMerchants")} list={merchants}>
          {(id) => <Named kind="merchants" id={id} />}
        </Part>
      </dl>
    </section>
  );
}

type PartProps = {
  readonly name: string;
  /** What is said when nothing is left out. */
  readonly all: string;
  readonly list: readonly string[] | null;
  readonly children: (item: string) => ReactNode;
};

function Part({ name, all, list, children }: PartProps) {
  const { t } = useTranslation("campaigns");
  const more = Math.max(0, (list?.length ?? 0) - MOST_SHOWN);
  return (
    <div>
      <dt>{name}</dt>
      {list === null && <dd>{all}</dd>}
      {list?.slice(0, MOST_SHOWN).map((item) => (
        <dd key={item}>{children(item)}</dd>
      ))}
      {more > 0 && <dd className="quiet">{t("covers.more", { count: more })}</dd>}
    </div>
  );
}

function Named({ kind, id }: { kind: "charities" | "merchants"; id: string }) {
  return <Link href={`/${kind}/${inPath(id)}`}>{useName(kind, id) ?? id}</Link>;
}
