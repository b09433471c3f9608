// The campaign of the week: over all programmes, with a goal in lunches.

import type { Api } from "./api.ts";
import { say } from "./telling.ts";
import { WEEK_ENDS, WEEK_STARTS, written } from "./week.ts";

const CAMPAIGN = "september-week";

export const beginCampaign = (api: Api) =>
  api.post("/v1/campaigns", {
    id: CAMPAIGN,
    title: "Campaign week: everyone a little",
    startsAt: written(WEEK_STARTS),
    endsAt: written(WEEK_ENDS + 86_400),
    goals: [
      { what: "money", unit: "CNY", amount: "2000000" },
      { what: "outcome", name: "lunches", unit: "CNY", costs: "400", count: 5_000 },
      { what: "line", unit: "STEP", amount: "5000000" },
      { what: "line", unit: "MINUTE", amount: "15000" },
    ],
  });

type Totals = readonly { readonly unit: string; readonly given: string; readonly gifts: string }[];

/** What the campaign has come to so far. */
export async function tellCampaign(api: Api): Promise<void> {
  const { totals } = (await api.get(`/v1/campaigns/${CAMPAIGN}`)) as unknown as { totals: Totals };
  for (const { unit, given, gifts } of totals) say(`  the campaign: ${given} ${unit} in ${gifts} gifts`);
}
