// Whether the contract that the visitor believes says what is to be signed; and what is left to do when it cannot be asked.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { messageOf, UnavailableError } from "../../../errors.ts";
import type { Place } from "../../../verifier/follow.ts";
import type { OwnChoice } from "../../ledger/choice.ts";
import ChoiceForm from "../../ledger/choice-form.tsx";
import { useLedgerChoice } from "../../ledger/use-ledger.ts";
import { placeOf } from "../use-contract.ts";

export type Comparison = {
  readonly state: "asking" | "same" | "differs" | "noAnswer" | "noEndpoint";
  readonly says: string | null;
  readonly contract: string | null;
  /** What a comparison with this contract is worth less for; null when the visitor has chosen it on a chain of others. */
  readonly caveat: "demonstration" | "bySite" | null;
  readonly again: () => void;
  /** What the visitor has chosen themselves; and how to change it. */
  readonly own: OwnChoice | undefined;
  readonly choose: (choice: OwnChoice) => void;
};

/** Compares once for each `key`. */
export function useComparison(key: unknown, compare: (place: Place) => Promise<void>): Comparison {
  const { hint, choice, own, choose, isPending } = useLedgerChoice();
  const query = useQuery({
    queryKey: ["comparison", key, choice],
    queryFn: async () => {
      const place = await placeOf(choice);
      if (place !== null) await compare(place);
      return place === null ? ("noEndpoint" as const) : ("same" as const);
    },
    enabled: choice !== null,
    retry: false,
    staleTime: 10_000,
  });
  return {
    state: choice === null && !isPending ? "noEndpoint" : stateOf(query.data, query.error),
    says: query.error === null ? null : messageOf(query.error),
    contract: choice?.contract ?? null,
    caveat: hint?.demonstration ? "demonstration" : choice?.by === "site" ? "bySite" : null,
    again: () => void query.refetch(),
    own,
    choose,
  };
}

function stateOf(data: "same" | "noEndpoint" | undefined, error: unknown): Comparison["state"] {
  if (error instanceof UnavailableError) return "noAnswer";
  if (error !== null) return "differs";
  return data ?? "asking";
}

/** Whether it may be signed: the contract says the same, or whoever signs takes it upon themselves where it cannot be asked. */
export const maySign = ({ state }: Comparison, isAccepted: boolean): boolean =>
  state === "same" || (isAccepted && (state === "noAnswer" || state === "noEndpoint"));

type ComparedProps = {
  readonly comparison: Comparison;
  readonly isAccepted: boolean;
  readonly accept: (isAccepted: boolean) => void;
};

export function Compared({ comparison, isAccepted, accept }: ComparedProps) {
  const { t } = useTranslation("charity-desk");
  const { state, says, contract, caveat } = comparison;
  const isOpen = state === "noAnswer" || state === "noEndpoint";
  return (
    <div className={`compared is-${state}`} role={state === "differs" ? "alert" : "status"}>
      <p>{t(`compared.${state}`, { contract })}</p>
      {state === "same" && caveat !== null && <p className="quiet small">{t(`compared.${caveat}`)}</p>}
      {says !== null && <p className="quiet small">{says}</p>}
      {state !== "asking" && state !== "same" && (
        <button type="button" onClick={comparison.again}>
          {t("compared.again")}
        </button>
      )}
      {isOpen && comparison.own !== undefined && (
        <ChoiceForm own={comparison.own} onChoose={comparison.choose} />
      )}
      {isOpen && (
        <label className="consent">
          <input type="checkbox" checked={isAccepted} onChange={({ target }) => accept(target.checked)} />{" "}
          {t("compared.accept")}
        </label>
      )}
    </div>
  );
}
