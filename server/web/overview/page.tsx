// /: what was given, and how far it has come. First of all a way to check one's own receipt.

import "./overview.css";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useLedgerHint } from "../ledger/use-ledger.ts";
import { LiveState } from "../live/live-state.tsx";
import { Failed, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import type { Overview } from "./figures.ts";
import { LatestBatches } from "./latest-batches.tsx";
import { OldestClaim } from "./oldest-claim.tsx";
import { OverTime } from "./over-time.tsx";
import { Pace } from "./pace.tsx";
import { askNow, useFeed } from "./queries.ts";
import { Totals } from "./totals.tsx";

export default function OverviewPage() {
  const { t } = useTranslation("overview");
  const { told: overview, connection, heardAt, error } = useFeed();
  useTitle(t("title"));
  return (
    <>
      <h1>{t("heading")}</h1>
      <p className="lead">{t("lead")}</p>
      <p>
        <Link href="/verify" className="check-own">
          {t("check")}
        </Link>
      </p>
      <Demonstration />
      {overview !== undefined && <LiveState page="overview" connection={connection} heardAt={heardAt} />}
      {overview === undefined && connection !== "none" && <Loading />}
      {overview === undefined && connection === "none" && <Failed error={error} retry={askNow} />}
      {overview !== undefined && <Figures overview={overview} />}
    </>
  );
}

function Demonstration() {
  const { t } = useTranslation("overview");
  const { data: hint } = useLedgerHint();
  return hint?.demonstration ? <p className="demonstration">{t("demonstration")}</p> : null;
}

function Figures({ overview }: { overview: Overview }) {
  const { t } = useTranslation("overview");
  const { units, batches, oldestClaim } = overview;
  const isEmpty = units.length === 0;
  return (
    <>
      <Pace overview={overview} />
      {isEmpty ? <p className="state">{t("empty")}</p> : <Totals units={units} />}
      {!isEmpty && <OverTime units={units} />}
      {!isEmpty && <OldestClaim claim={oldestClaim} isPaid={units.some(({ paid }) => paid !== "0")} />}
      <LatestBatches batches={batches} />
    </>
  );
}
