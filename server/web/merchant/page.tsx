// /merchants/{id}: what a shop has pledged, what it has given where it shows that, how nothing of it is left out, and the
// badge for its own site.

import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { fromPath, isUnknown } from "../api/client.ts";
import { Asked } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { BadgeSnippet } from "./badge-snippet.tsx";
import { CompletenessSection } from "./completeness.tsx";
import { Pledges } from "./pledges.tsx";
import { type Merchant, useMerchant } from "./queries.ts";
import { TotalsSection } from "./totals.tsx";
import "./merchant.css";

export default function MerchantPage() {
  const params = useParams();
  const id = fromPath(params.id ?? "");
  const { t } = useTranslation("merchant");
  const query = useMerchant(id);
  useTitle(query.data?.name ?? t("list.title"));
  if (query.data === undefined && isUnknown(query.error)) return <UnknownMerchant id={id} />;
  return (
    <>
      <h1>{query.data?.name ?? id}</h1>
      <Asked query={query}>{(merchant) => <MerchantView merchant={merchant} />}</Asked>
    </>
  );
}

function UnknownMerchant({ id }: { id: string }) {
  const { t } = useTranslation("merchant");
  return (
    <>
      <h1>{t("unknown.title")}</h1>
      <p className="state">{t("unknown.why", { id })}</p>
    </>
  );
}

function MerchantView({ merchant }: { merchant: Merchant }) {
  const { t } = useTranslation("merchant");
  const { time } = useWords();
  const { id, legalDonor, createdAt } = merchant;
  return (
    <>
      <p>{t("donor", { donor: legalDonor })}</p>
      <p className="quiet">{t("since", { id, time: time(createdAt) })}</p>
      <Pledges merchant={id} />
      <TotalsSection merchant={id} />
      <CompletenessSection key={id} merchant={id} />
      <BadgeSnippet merchant={merchant} />
    </>
  );
}
