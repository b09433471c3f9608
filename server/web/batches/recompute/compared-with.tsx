// With which contract a recomputed root is compared, and where that is read: what the visitor trusts.

import { useTranslation } from "react-i18next";
import ChoiceForm from "../../ledger/choice-form.tsx";
import type { useLedgerChoice } from "../../ledger/use-ledger.ts";

type Props = {
  readonly ledger: ReturnType<typeof useLedgerChoice>;
  /** Whether nothing could be compared as things are: then the form stands open. */
  readonly isAsked: boolean;
};

export function ComparedWith({ ledger: { choice, own, choose }, isAsked }: Props) {
  const { t } = useTranslation("batches");
  return (
    <details className="endpoint" open={isAsked}>
      <summary>
        {t(`endpoint.by.${choice?.by ?? "nobody"}`)}
        {choice !== null && <code className="hash"> {choice.contract}</code>}
      </summary>
      <p className="quiet">{t("endpoint.why")}</p>
      {own !== undefined && <ChoiceForm own={own} onChoose={choose} />}
    </details>
  );
}
