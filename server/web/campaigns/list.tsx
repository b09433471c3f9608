// /campaigns: all of them, the newest first, each with what it has come to.

import "./campaigns.css";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { inPath } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
import { useTitle } from "../shell/use-title.ts";
import type { Campaign } from "./figures.ts";
import { GoalBar } from "./goals.tsx";
import { useCampaigns } from "./queries.ts";
import { Standing } from "./standing.tsx";
import { useMeasure } from "./use-measure.ts";

export default function CampaignsPage() {
  const { t } = useTranslation("campaigns");
  useTitle(t("title"));
  return (
    <>
      <h1>{t("title")}</h1>
      <p className="lead">{t("lead")}</p>
      <Listed query={useCampaigns()} none={t("none")} more={t("more")}>
        {(campaigns) => (
          <ul className="campaigns">
            {campaigns.map((campaign) => (
              <Entry key={campaign.id} campaign={campaign} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function Entry({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const measure = useMeasure();
  const { id, title, totals, goals } = campaign;
  const given = totals.map((total) => measure(total.given, total.unit)).join(" · ");
  return (
    <li className="card">
      <Standing campaign={campaign} />
      <h2>
        <Link href={`/campaigns/${inPath(id)}`}>{title}</Link>
      </h2>
      <p className="entry-given">{given === "" ? t("nothing") : t("given", { given })}</p>
      {goals[0] && <GoalBar goal={goals[0]} />}
    </li>
  );
}
