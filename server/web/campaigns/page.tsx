// /campaigns/{id}: what a campaign has come to this second, how far its goals are, and how anyone checks it.

import "./campaigns.css";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { fromPath } from "../api/client.ts";
import { LiveState } from "../live/live-state.tsx";
import { Failed, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { Check } from "./check.tsx";
import { Covered } from "./covered.tsx";
import type { Campaign } from "./figures.ts";
import { Given } from "./given.tsx";
import { Goals } from "./goals.tsx";
import { useCampaign } from "./queries.ts";
import { Standing } from "./standing.tsx";

export default function CampaignPage() {
  const { t } = useTranslation("campaigns");
  const { id = "" } = useParams();
  const { told, connection, heardAt, error, askNow } = useCampaign(fromPath(id));
  useTitle(told?.title ?? t("title"));
  if (told === undefined)
    return connection === "none" ? <Failed error={error} retry={askNow} /> : <Loading />;
  return (
    <Shown campaign={told}>
      <LiveState page="campaigns" connection={connection} heardAt={heardAt} />
    </Shown>
  );
}

const Shown = ({ campaign, children }: { campaign: Campaign; children: ReactNode }) => (
  <article className="campaign">
    <header className="campaign-head">
      <Standing campaign={campaign} />
      <h1>{campaign.title}</h1>
      <Given totals={campaign.totals} />
    </header>
    {children}
    <Goals goals={campaign.goals} />
    <Covered campaign={campaign} />
    <Check campaign={campaign} />
  </article>
);
