// Something that was signed here, followed until the contract has it for good or has refused it.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client.ts";
import { useWords } from "../../units/use-words.ts";
import { moving, type Signed } from "../queries.ts";
import { useDesk } from "./context.ts";
import type { UnderWay } from "./signing.ts";

const LOOK_EVERY_MS = 1_500;

const isSettled = ({ state }: Signed): boolean => state === "final" || state === "refused";

export function Followed({ one }: { one: UnderWay }) {
  const { t } = useTranslation("charity-desk");
  const { amount, count } = useWords();
  const { unit, from, upTo, state, reason, transaction } = useStanding(one);
  const figures = { amount: amount(BigInt(upTo) - BigInt(from), unit), upTo: count(upTo) };
  return (
    <div className={`card under-way is-${state}`} role={state === "refused" ? "alert" : "status"}>
      <strong>{t(`underWay.${one.what}`, figures)}</strong>
      <p data-state={state}>{t(`underWay.is.${state}`)}</p>
      {reason !== null && <p className="quiet">{reason}</p>}
      {transaction !== null && (
        <p className="quiet small">
          {t("underWay.transaction")} <code>{transaction}</code>
        </p>
      )}
    </div>
  );
}

/** How it stands, told to the desk as well; and what the page shows of the charity is read anew whenever that changes. */
function useStanding(one: UnderWay): Signed {
  const { charity, add } = useDesk();
  const queries = useQueryClient();
  const { data: stands } = useQuery({
    queryKey: ["under-way", one.path],
    queryFn: ({ signal }) => get<Signed>(one.path, { signal }),
    initialData: one.stands,
    refetchInterval: ({ state }) => (state.data && isSettled(state.data) ? false : LOOK_EVERY_MS),
  });
  const { what, path } = one;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the state changes, not with every answer
  useEffect(() => {
    add({ what, path, stands });
    void queries.invalidateQueries({ queryKey: moving(charity.id) });
  }, [stands.state]);
  return stands;
}
